package realtime

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/forgego/forgego/internal/smalljson"
)

// Channel names a channel as the payloads of publishRealtimeChannel and subscribeRealtimeChannel do.
type Channel struct {
	ChannelName string `json:"channelName"`
	IsGlobal    bool   `json:"isGlobal"`
	Options     struct {
		ReplaySeconds float64 `json:"replaySeconds"`
		Token         string  `json:"token"`
		// ContextOverrides selects parts of the module's context. If it is nil, the whole context counts. If it is empty,
		// no part counts.
		ContextOverrides smalljson.List[string] `json:"contextOverrides"`
	} `json:"options"`
}

// Place is where a module is shown.
type Place struct {
	InstallationID, ModuleKey string
	// Extension is the member extension of the module's context.
	Extension map[string]any
}

// ErrNoName means that a channel has no name.
var ErrNoName = errors.New("a realtime channel needs a name")

// ID returns a text that is equal for equal channels. Two channels are equal if they have the same installation, the same
// name, the same selected parts of the place, and tokens with the same claims.
//
// Source: https://developer.atlassian.com/platform/forge/realtime/authorizing-realtime-channels/
func (c Channel) ID(p Place) (string, error) {
	if c.ChannelName == "" {
		return "", ErrNoName
	}
	var place any
	switch overrides := c.Options.ContextOverrides; {
	case c.IsGlobal || overrides != nil && len(overrides) == 0:
	case overrides == nil:
		place = object{"module": p.ModuleKey, "extension": p.Extension}
	default:
		parts := object{}
		for _, name := range overrides {
			parts[name] = p.Extension[name]
		}
		place = parts
	}
	// Marshal sorts the keys of maps, so equal maps become equal texts.
	key, err := json.Marshal([]any{p.InstallationID, c.ChannelName, place, claimsIn(c.Options.Token)})
	// Use the hash: names and tokens may be large, and each stored event has its channel's id.
	sum := sha256.Sum256(key)
	return base64.StdEncoding.EncodeToString(sum[:]), err
}

// Replay returns how old the events may be that a new subscription gets first. It is negative if it gets none.
func (c Channel) Replay() time.Duration {
	// Clamp before the multiplication so that it cannot overflow.
	replay := time.Duration(min(max(c.Options.ReplaySeconds, -1), replayTime.Seconds()) * float64(time.Second))
	if replay == 0 {
		return -1 // Send no stored events, not even one that was published just now.
	}
	return replay
}

// claimsIn returns the part of a token that distinguishes channels. Forge does not document what a realtime token is. If
// the token looks like a JWT, claimsIn returns its claims, without those that differ in each token. Otherwise it returns
// the token. It checks no signature, because nothing on this machine could have signed the token.
func claimsIn(token string) any {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return token
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims object
	if err != nil || json.Unmarshal(text, &claims) != nil || claims == nil {
		return token
	}
	for name := range claims {
		if slices.Contains([]string{"exp", "iat", "nbf", "jti"}, name) {
			delete(claims, name)
		}
	}
	return claims
}

type object = map[string]any
