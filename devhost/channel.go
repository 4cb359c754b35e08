package devhost

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/forgego/forgego/devhost/internal/devfile"
)

// channelInput names a channel as the payloads of publishRealtimeChannel and subscribeRealtimeChannel do.
type channelInput struct {
	ModuleKey   string `json:"moduleKey"`
	ChannelName string `json:"channelName"`
	IsGlobal    bool   `json:"isGlobal"`
	Options     struct {
		ReplaySeconds float64 `json:"replaySeconds"`
		Token         string  `json:"token"`
		// ContextOverrides: nil is the whole place, empty is none of it.
		ContextOverrides []string `json:"contextOverrides"`
	} `json:"options"`
}

// channel is the text by which channels are the same: publishers and subscribers of one channel have the same name, the
// same place, of which overrides take parts, and tokens with the same claims.
// Source: realtime/authorizing-realtime-channels.
func (h *Host) channel(in channelInput) (string, error) {
	if in.ChannelName == "" {
		return "", errors.New("a channel of realtime needs a name")
	}
	if dev, err := devfile.Load(h.manifest.Dir); err != nil || dev.NoRealtime {
		return "", cmp.Or(err, errNoRealtime)
	}
	module, err := h.installation.Module(in.ModuleKey)
	if err != nil {
		return "", err
	}
	var place any
	extension := h.installation.Context(module).Extension
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
	// Maps are written in the order of their keys, so that equal ones give equal texts.
	key, err := json.Marshal([]any{in.ChannelName, place, claimsIn(in.Options.Token)})
	// A sum, because names and tokens may be large, and every event that is kept has its channel.
	sum := sha256.Sum256(key)
	return base64.StdEncoding.EncodeToString(sum[:]), err
}

// claimsIn are what of a token makes channels different. Forge does not document what a realtime token is. One that looks
// like a JWT counts by its claims, without those that differ from token to token; another one as it is. No signature is
// checked: nothing on this machine could have made one.
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
