package realtime

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/forgego/forgego/devhost/internal/devfile"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/internal/smalljson"
)

var errNoRealtime = errors.New("realtime is off on this host: forgego.yml has \"realtime: off\"")

// Channel names a channel as the payloads of publishRealtimeChannel and subscribeRealtimeChannel do.
type Channel struct {
	ModuleKey   string `json:"moduleKey"`
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

// channelID returns a text that is equal for equal channels. Two channels are equal if they have the same site, the same
// name, the same selected parts of the context, and tokens with the same claims.
//
// Source: https://developer.atlassian.com/platform/forge/realtime/authorizing-realtime-channels/
func (s *Service) channelID(session *installation.Session, in Channel) (string, error) {
	if in.ChannelName == "" {
		return "", errors.New("a realtime channel needs a name")
	}
	if dev, err := devfile.Load(s.dir); err != nil || dev.NoRealtime {
		return "", cmp.Or(err, errNoRealtime)
	}
	module, err := session.Module(in.ModuleKey)
	if err != nil {
		return "", err
	}
	var place any
	extension := session.Context(module).Extension
	switch overrides := in.Options.ContextOverrides; {
	case in.IsGlobal || overrides != nil && len(overrides) == 0:
	case overrides == nil:
		place = object{"module": module.Key, "extension": extension}
	default:
		parts := object{}
		for _, name := range overrides {
			parts[name] = extension[name]
		}
		place = parts
	}
	// Marshal sorts the keys of maps, so equal maps become equal texts.
	key, err := json.Marshal([]any{session.InstallationID, in.ChannelName, place, claimsIn(in.Options.Token)})
	// Use the hash: names and tokens may be large, and each stored event has its channel's id.
	sum := sha256.Sum256(key)
	return base64.StdEncoding.EncodeToString(sum[:]), err
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
