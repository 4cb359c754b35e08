package bridgetest

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge/consent"
	"github.com/forgego/forgego/internal/grants"
)

var permissionCommands = map[string]command{
	"__permission__egressGet":          managed("egressGet"),
	"__permission__egressSet":          managed("egressSet"),
	"__permission__egressDeleteDomain": managed("egressDeleteDomain"),
	"__permission__egressDeleteGroup":  managed("egressDeleteGroup"),
	"__permission__remoteGet":          managed("remoteGet"),
	"__permission__remoteSet":          managed("remoteSet"),
	"getCookieConsentPreferences": func(_ context.Context, w *Window, _ json.RawMessage, _ Callbacks) (any, error) {
		c := w.host.granted().State(false).Consent
		if !c.Published {
			return json.RawMessage("null"), nil
		}
		return consent.Preferences{StrictlyNecessary: true, Functional: c.Functional, Analytics: c.Analytics, Marketing: c.Marketing}, nil
	},
	// Atlassian does not document what openRovo answers on a site without Rovo. The host always opens it.
	"openRovo": answering(true),
	"isRovoEnabled": func(_ context.Context, w *Window, _ json.RawMessage, _ Callbacks) (any, error) {
		return w.host.granted().State(false).Rovo, nil
	},
}

// managed returns a command for customer-managed egress or remotes, which an administrator may have to approve.
func managed(name string) command {
	return func(_ context.Context, w *Window, payload json.RawMessage, _ Callbacks) (any, error) {
		h := w.host
		h.mu.Lock()
		g, isAdmin := h.grants, !h.notAdmin
		h.mu.Unlock()
		input := grants.Input{Command: name, Payload: payload}
		answer, err := g.Answer(isAdmin, input)
		if err != nil {
			return nil, err
		}
		if approval, ok := answer.(grants.Approval); ok {
			if err := h.confirm(approval.Ask, approval.Detail, "NOT_APPROVED", "The administrator has not approved it."); err != nil {
				return nil, err
			}
			input.Approved = true
			if answer, err = g.Answer(isAdmin, input); err != nil {
				return nil, err
			}
		}
		h.moveRemotes()
		if empty, ok := answer.(map[string]any); ok && len(empty) == 0 {
			return nil, nil
		}
		return answer, nil
	}
}

func (h *Host) granted() *grants.Grants {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.grants
}

// SetPermissions sets what the app has been granted, in the form that permissions has in manifest.yml, such as a
// permissions.Requirements:
//
//	host.SetPermissions(permissions.Requirements{Scopes: []string{"read:jira-work"}})
//
// By default nothing is granted. The member external.configurable ({"enabled": true}) enables customer-managed egress; for
// remotes, see [WithConfigurable]. What an administrator has approved is forgotten.
func (h *Host) SetPermissions(permissions any) {
	if h.t != nil {
		h.t.Helper()
	}
	data, err := json.Marshal(permissions)
	var value map[string]any
	if err == nil {
		err = json.Unmarshal(data, &value)
	}
	if err != nil {
		h.misuse("the permissions must have the form of permissions in manifest.yml: %v", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.permissions = value
	h.resetGrants()
}

// resetGrants makes the grants from the permissions and the remotes. The caller holds the host's lock.
func (h *Host) resetGrants() {
	var scopes []string
	switch list := h.permissions["scopes"].(type) {
	case []any:
		for _, scope := range list {
			if name, ok := scope.(string); ok {
				scopes = append(scopes, name)
			}
		}
	case map[string]any:
		for name := range list {
			scopes = append(scopes, name)
		}
	}
	var remotes []any
	for _, key := range h.keys {
		remote := map[string]any{"key": key}
		if target := h.remotes[key]; target.configurable {
			patterns := []any{}
			for _, p := range target.patterns {
				patterns = append(patterns, p)
			}
			remote["configurable"] = map[string]any{"supportedPatterns": patterns}
		}
		remotes = append(remotes, remote)
	}
	old := h.grants
	h.grants = grants.New(scopes, map[string]any{"permissions": h.permissions, "remotes": remotes})
	if old != nil {
		state := old.State(true)
		_, _ = h.grants.Answer(true, grants.Input{Consent: &state.Consent, Rovo: &state.Rovo}) // cannot fail
	}
}

// SetAdmin sets whether the user is an administrator, who may change egress and remotes. By default they are.
func (h *Host) SetAdmin(isAdmin bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.notAdmin = !isAdmin
}

// SetConsent sets what consent.Get returns; nil means that the product does not share it. By default the user allows
// functional cookies and no others.
func (h *Host) SetConsent(preferences *consent.Preferences) {
	var c grants.Consent
	if preferences != nil {
		c = grants.Consent{Published: true, Functional: preferences.Functional, Analytics: preferences.Analytics, Marketing: preferences.Marketing}
	}
	_, _ = h.granted().Answer(true, grants.Input{Consent: &c}) // cannot fail
}

// SetRovo sets whether the site has Rovo, which rovo.IsEnabled returns. By default it has.
func (h *Host) SetRovo(enabled bool) {
	_, _ = h.granted().Answer(true, grants.Input{Rovo: &enabled}) // cannot fail
}
