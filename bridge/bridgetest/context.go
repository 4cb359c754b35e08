package bridgetest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/locale"
	"github.com/forgego/forgego/internal/platform"
	"github.com/forgego/forgego/remote/remotetest"
)

var contextCommands = map[string]command{
	"getContext": func(_ context.Context, w *Window, _ json.RawMessage, _ Callbacks) (any, error) {
		return w.context()
	},
}

// SetContext sets members of the context that view.GetContext returns in all windows. members is encoded by
// encoding/json and must be an object; members that are objects in both are merged, as in the file forgego.yml. Tokens
// have the same context from now on, as far as they have its members:
//
//	host.SetContext(map[string]any{
//		"accountId": "account-2",
//		"extension": map[string]any{"issue": map[string]any{"key": "TASK-7"}},
//	})
//
// By default the context is that of the tokens, an issue panel of Jira, with the locale "en-US" and the timezone "UTC".
func (h *Host) SetContext(members any) {
	if h.t != nil {
		h.t.Helper()
	}
	h.setContext(nil, members)
}

// SetContext is [Host.SetContext] for this window only, for example another user's.
func (w *Window) SetContext(members any) {
	if w.host.t != nil {
		w.host.t.Helper()
	}
	w.host.setContext(w, members)
}

// setContext sets members of the context of a window, or of all if w is nil.
func (h *Host) setContext(w *Window, value any) {
	if h.t != nil {
		h.t.Helper()
	}
	data, err := json.Marshal(value)
	if err != nil {
		h.misuse("the context: %v", err)
	}
	var members map[string]any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if decoder.Decode(&members) != nil || members == nil {
		h.misuse("the context must be an object, such as a map, and not %s", data)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if w == nil {
		platform.Merge(h.members, members)
	} else {
		platform.Merge(w.members, members)
	}
	clear(h.tokens)
}

// SetModule shows the app as a module of this type, such as "jira:projectPage": the context's moduleKey and type, and
// its extension, which has example data of such a place, as in the local host.
func (h *Host) SetModule(key, moduleType string) {
	extension := platform.ExtensionOf(moduleType)
	extension["type"] = moduleType
	h.mu.Lock()
	defer h.mu.Unlock()
	h.members["moduleKey"], h.members["extension"] = key, extension
	h.replacesExtension = true
	clear(h.tokens)
}

// SetLocale sets the user's locale, such as "de-DE". A locale that Forge does not support fails the test.
func (h *Host) SetLocale(code string) {
	if h.t != nil {
		h.t.Helper()
	}
	if !slices.Contains(locale.All(), code) {
		h.misuse("Forge does not support the locale %q", code)
	}
	h.setContext(nil, map[string]string{"locale": code})
}

// SetTheme sets the color mode of the product, "light", "dark" or "auto": the member theme of the context.
// The host does not change the page; Count("enableTheming") says how often the app has called view.EnableTheme.
func (h *Host) SetTheme(colorMode string) {
	if h.t != nil {
		h.t.Helper()
	}
	if !slices.Contains([]string{"light", "dark", "auto"}, colorMode) {
		h.misuse("the theme %q is not light, dark or auto", colorMode)
	}
	h.setContext(nil, map[string]any{"theme": map[string]string{"colorMode": colorMode, "light": "light", "dark": "dark"}})
}

// context returns the context of a window.
func (w *Window) context() (map[string]any, error) {
	context, _, err := w.place()
	return context, err
}

// place returns the context of a window, and the installation that it belongs to.
func (w *Window) place() (context map[string]any, installationID string, err error) {
	h := w.host
	h.mu.Lock()
	claims, changes := slices.Clone(h.settings.claims), w.changes()
	permissions := h.grants.RuntimePermissions()
	h.mu.Unlock()
	token, err := h.claimed(claims)
	if err != nil {
		return nil, "", err
	}
	context = map[string]any{"locale": "en-US", "timezone": "UTC", "permissions": permissions}
	for name, value := range token.Context {
		if value != "" {
			context[name] = value
		}
	}
	changes.apply(context)
	return context, token.App.InstallationID, nil
}

// claimed is what a token says about its place.
type claimed struct {
	Context map[string]any `json:"context"`
	App     struct {
		InstallationID string `json:"installationId"`
	} `json:"app"`
}

// claimed returns the claims of a new token with these options.
func (h *Host) claimed(options []remotetest.TokenOption) (claimed, error) {
	var c claimed
	parts := strings.Split(h.settings.issuer.Token(options...), ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err == nil {
		err = json.Unmarshal(payload, &c)
	}
	if err != nil {
		return c, fmt.Errorf("the claims cannot be read: %w", err)
	}
	return c, nil
}

// contextChanges is what a test has set in a window's context.
type contextChanges struct {
	members map[string]any
	// replacesExtension means that the extension in members replaces another one as a whole.
	replacesExtension bool
}

// changes returns the changes of a window's context. The caller holds the host's lock.
func (w *Window) changes() contextChanges {
	c := contextChanges{map[string]any{}, w.host.replacesExtension}
	platform.Merge(c.members, w.host.members)
	for _, window := range w.chain() {
		platform.Merge(c.members, window.members)
		if window.dialog != nil {
			platform.Merge(c.members, map[string]any{"extension": map[string]any{"modal": window.dialog.Context}})
		}
	}
	return c
}

// chain returns the windows from the one that the host has opened to w, which may be a dialog in it.
func (w *Window) chain() []*Window {
	if w.dialog == nil {
		return []*Window{w}
	}
	return append(w.dialog.opener.chain(), w)
}

func (c contextChanges) apply(context map[string]any) {
	if c.replacesExtension {
		delete(context, "extension")
	}
	platform.Merge(context, c.members)
}

// notInClaims are the members of a context that a token does not have.
var notInClaims = []string{"license", "locale", "timezone", "theme", "surfaceColor", "permissions", "userAccess", "remoteInstallationRegion"}

// claims returns the options of a window's tokens. The caller holds the host's lock.
func (w *Window) claims() []remotetest.TokenOption {
	options, changes := slices.Clone(w.host.settings.claims), w.changes()
	if len(changes.members) == 0 {
		return options
	}
	return append(options, func(f *remotetest.FIT) {
		context := map[string]any{}
		if data, err := json.Marshal(f.Context); err == nil && f.Context != nil {
			_ = json.Unmarshal(data, &context)
		}
		changes.apply(context)
		for _, name := range notInClaims {
			delete(context, name)
		}
		if account, ok := changes.members["accountId"].(string); ok {
			f.Principal = account
		}
		remotetest.WithClaim("context", context)(f)
	})
}
