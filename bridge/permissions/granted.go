package permissions

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/nesting"
)

// FetchType says who sends a request.
type FetchType string

const (
	// Backend means the app's functions. Only the protocol and the host of an address are checked.
	Backend FetchType = "backend"
	// Client means the app's page. The path is checked too.
	Client FetchType = "client"
)

// ResourceType is a kind of resource that the page loads.
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

// Granted is what the app has been granted. A nil Granted grants nothing.
//
// It is what createPermissionUtils returns.
type Granted struct {
	scopes []string
	// external is permissions.external as received. addresses has the addresses of each type, such as "images" or
	// "fetch.client".
	external  map[string]json.RawMessage
	addresses map[string][]string
}

// Read reads permissions as a module's context has them. scopes is a list, or an object whose names are the scopes;
// external is as in manifest.yml. In [github.com/forgego/forgego/bridge/view] these are the fields of
// Context.Permissions. Nil is allowed for both. Any other form returns [bridge.ErrInvalidResponse].
//
// It is createPermissionUtils.
func Read(scopes, external json.RawMessage) (*Granted, error) {
	const op = "createPermissionUtils"
	g := &Granted{external: map[string]json.RawMessage{}, addresses: map[string][]string{}}
	if err := g.readScopes(scopes); err != nil {
		return nil, payload.Invalid(op, "permissions.scopes is neither a list of strings nor an object")
	}
	if len(external) == 0 {
		return g, nil
	}
	if err := nesting.UnmarshalShallow(external, &g.external); err != nil {
		return nil, payload.Invalid(op, "permissions.external is not an object")
	}
	var fetch map[string]json.RawMessage
	if text := g.external["fetch"]; text != nil && nesting.UnmarshalShallow(text, &fetch) != nil {
		return nil, payload.Invalid(op, "permissions.external.fetch is not an object")
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
			return nil, payload.Invalid(op, "permissions.external."+name+" is not a list of addresses")
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

// address is an entry of a list: a string, {address} or {remote}. The key of a remote is used as an address, as in
// the official client.
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

// ErrUnknown means that the host does not say what the app has been granted.
var ErrUnknown = errors.New("the host does not say what the app has been granted")

// Get asks the host what the app has been granted. If the host does not say, Get returns [ErrUnknown]. Other errors are
// those of [bridge.Client]'s Call, and [bridge.ErrInvalidResponse]. With each error it returns nil, which grants nothing.
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
		return nil, &bridge.Error{Op: op, Err: ErrUnknown}
	}
	return Read(in.Permissions.Scopes, in.Permissions.External)
}

// Scopes returns all scopes, in the order in which they are granted; the scopes of an object are in alphabetical
// order.
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

// External returns the members of permissions.external by name, as JSON.
//
// It is getExternalPermissions.
func (g *Granted) External() map[string]json.RawMessage {
	if g == nil {
		return nil
	}
	return maps.Clone(g.external)
}

// HasAny reports whether there is at least one scope, or anything in external.
//
// It is hasAnyPermissions.
func (g *Granted) HasAny() bool { return g != nil && len(g.scopes)+len(g.external) > 0 }

// CanFetchFrom reports whether requests of that type to url are granted. For [Backend] it compares protocol and host;
// for [Client] also the path, as the page's policy does. It matches as @forge/egress does: case matters, a missing
// protocol is https:, and a port is part of the host if there is a protocol. An entry whose host is not valid URL
// encoding matches nothing; the official client throws.
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
