package permissions

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/nesting"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// FetchType is who makes a request.
type FetchType string

const (
	// Backend are the app's functions. For them only the protocol and the host of an address count.
	Backend FetchType = "backend"
	// Client is the app's page. For it the path counts, too.
	Client FetchType = "client"
)

// ResourceType is what the page loads.
type ResourceType string

// The types of resources.
const (
	Fonts   ResourceType = "fonts"
	Styles  ResourceType = "styles"
	Frames  ResourceType = "frames"
	Images  ResourceType = "images"
	Media   ResourceType = "media"
	Scripts ResourceType = "scripts"
)

// Granted is what the app has been granted. Nil is nothing known, and grants nothing.
//
// It is what createPermissionUtils gives.
type Granted struct {
	scopes []string
	// external has what permissions.external has, as it came, and addresses those of each type, such as "images" or
	// "fetch.client".
	external  map[string]json.RawMessage
	addresses map[string][]string
}

// Read reads permissions as a module's context has them: scopes, a list or an object with the scopes as names, and
// external, as in manifest.yml. With [github.com/forgego/forgego/bridge/view] these are the fields of Context.Permissions.
// Nil is none. What has another form gives an error that is [bridge.ErrInvalidResponse].
//
// It is createPermissionUtils.
func Read(scopes, external json.RawMessage) (*Granted, error) {
	const op = "createPermissionUtils"
	g := &Granted{external: map[string]json.RawMessage{}, addresses: map[string][]string{}}
	if err := g.readScopes(scopes); err != nil {
		return nil, payload.Invalid(op, "permissions.scopes is neither a list of texts nor an object")
	}
	if len(external) == 0 {
		return g, nil
	}
	if err := nesting.UnmarshalShallow(external, &g.external); err != nil {
		return nil, payload.Invalid(op, "permissions.external is no object")
	}
	var fetch map[string]json.RawMessage
	if text := g.external["fetch"]; text != nil && nesting.UnmarshalShallow(text, &fetch) != nil {
		return nil, payload.Invalid(op, "permissions.external.fetch is no object")
	}
	lists := map[string]json.RawMessage{}
	for _, t := range resourceTypes {
		lists[string(t)] = g.external[string(t)]
	}
	for _, t := range fetchTypes {
		lists["fetch."+string(t)] = fetch[string(t)]
	}
	for name, list := range lists {
		var entries []address
		if list != nil && nesting.UnmarshalShallow(list, &entries) != nil {
			return nil, payload.Invalid(op, "permissions.external."+name+" is no list of addresses")
		}
		for _, e := range entries {
			if e != "" {
				g.addresses[name] = append(g.addresses[name], string(e))
			}
		}
	}
	return g, nil
}

func (g *Granted) readScopes(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return nesting.UnmarshalShallow(text, &g.scopes)
	}
	var byName map[string]json.RawMessage
	err := nesting.UnmarshalShallow(text, &byName)
	g.scopes = slices.Sorted(maps.Keys(byName))
	return err
}

// address is an entry of a list: a text, {address} or {remote}. The key of a remote is taken for an address, as the official
// client does.
type address string

func (a *address) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		return nesting.UnmarshalShallow(text, (*string)(a))
	}
	var entry struct{ Address, Remote string }
	if err := nesting.UnmarshalShallow(text, &entry); err != nil {
		return err
	}
	if entry.Address == "" {
		entry.Address = entry.Remote
	}
	*a = address(entry.Address)
	return nil
}

// Get asks the host what the app has been granted. Nil without an error means that it does not say. Errors are those of
// [bridge.Client]'s Call, and [bridge.ErrInvalidResponse].
//
// It is createPermissionUtils((await view.getContext()).permissions).
func Get(ctx context.Context) (*Granted, error) {
	const op = "view.getContext"
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: "getContext"})
	if err != nil {
		return nil, err
	}
	var in struct {
		Permissions *struct{ Scopes, External json.RawMessage }
	}
	if err := payload.Read(op, answer.Payload, &in); err != nil {
		return nil, err
	}
	if in.Permissions == nil {
		return nil, nil
	}
	return Read(in.Permissions.Scopes, in.Permissions.External)
}

// Scopes gives all scopes, in the order in which they are granted; those of an object, in alphabetical order.
//
// It is getScopes.
func (g *Granted) Scopes() []string {
	if g == nil {
		return nil
	}
	return slices.Clone(g.scopes)
}

// HasScope reports whether the scope is granted.
//
// It is hasScope.
func (g *Granted) HasScope(scope string) bool { return g != nil && slices.Contains(g.scopes, scope) }

// External gives permissions.external by its members' names, as JSON.
//
// It is getExternalPermissions.
func (g *Granted) External() map[string]json.RawMessage {
	if g == nil {
		return nil
	}
	return maps.Clone(g.external)
}

// HasAny reports whether there is any scope, or anything in external.
//
// It is hasAnyPermissions.
func (g *Granted) HasAny() bool { return g != nil && len(g.scopes)+len(g.external) > 0 }

// CanFetchFrom reports whether requests of that type to url are granted: for [Backend] by protocol and host, for [Client]
// as the page's policy would have it, by path, too. It matches as @forge/egress does: the case of letters counts, a
// protocol that is missing is https:, and a port is a part of the host where there is a protocol. An entry with a host that
// is no URL encoding matches nothing; the official client throws on it.
//
// It is canFetchFrom.
func (g *Granted) CanFetchFrom(by FetchType, url string) bool {
	if g == nil {
		return false
	}
	return newFilter(g.addresses["fetch."+string(by)]).allows(url, by == Client)
}

// CanLoadResource reports whether the page may load a resource of that type from url, as [Granted.CanFetchFrom] does for
// [Client].
//
// It is canLoadResource.
func (g *Granted) CanLoadResource(kind ResourceType, url string) bool {
	if g == nil || !slices.Contains(resourceTypes, kind) {
		return false
	}
	return newFilter(g.addresses[string(kind)]).allows(url, true)
}

var (
	resourceTypes = []ResourceType{Fonts, Styles, Frames, Images, Media, Scripts}
	fetchTypes    = []FetchType{Backend, Client}
)
