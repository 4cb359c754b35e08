package permissions

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// EgressType is a purpose for which an address may be reached: EgressType of @forge/egress.
type EgressType string

// The types of egress.
const (
	EgressBackend EgressType = "FETCH_BACKEND_SIDE"
	EgressClient  EgressType = "FETCH_CLIENT_SIDE"
	EgressFonts   EgressType = "FONTS"
	EgressFrames  EgressType = "FRAMES"
	EgressImages  EgressType = "IMAGES"
	EgressMedia   EgressType = "MEDIA"
	EgressScripts EgressType = "SCRIPTS"
	EgressStyles  EgressType = "STYLES"
)

// EgressGroup is a set of addresses that the admin approves together, for one reason. Forge's limits are 10 groups
// per installation and 10 addresses per group.
type EgressGroup struct {
	// Key identifies the group; the app chooses it.
	Key string `json:"key"`
	// Description tells the admin what the group is for.
	Description string         `json:"description"`
	Configured  []EgressDomain `json:"configured"`
}

// EgressDomain is an address, or "*", and the purposes for which it may be reached.
type EgressDomain struct {
	Domain string       `json:"domain"`
	Types  []EgressType `json:"type"`
}

// Query selects what to list. The zero Query lists everything.
type Query struct {
	// Keys are the keys of groups or remotes. If it is empty, all are listed.
	Keys []string `json:"keys,omitempty"`
	// PageSize is how many entries to return at once; 0 means all.
	PageSize int `json:"pageSize,omitempty"`
	// NextPageToken selects the next page. Forge does not document where it comes from; by the types, only NextKey of
	// the previous page fits.
	NextPageToken string `json:"nextPageToken,omitempty"`
}

// EgressPage is a page of groups, and the key of the next page.
type EgressPage struct {
	Groups []EgressGroup `json:"results"`
	// NextKey is lastEvaluatedKey. It is empty if there are no more pages.
	NextKey string `json:"lastEvaluatedKey"`
}

// GetEgress returns the groups that the admin has approved. Every user may call it. Errors are those of
// [bridge.Client]'s Call, and [bridge.ErrInvalidResponse].
//
// It is permissions.egress.get.
func GetEgress(ctx context.Context, query Query) (EgressPage, error) {
	return ask[EgressPage](ctx, "permissions.egress.get", "__permission__egressGet", query)
}

// SetEgress asks the current user, who must be an admin, to approve these groups, and waits. It returns the resulting
// groups. It returns [bridge.ErrRejected] if the user is not an admin or does not approve. Other errors are those of
// [GetEgress].
//
// It is permissions.egress.set.
func SetEgress(ctx context.Context, groups ...EgressGroup) ([]EgressGroup, error) {
	all := make([]EgressGroup, len(groups))
	for i, g := range groups {
		all[i] = g
		all[i].Configured = make([]EgressDomain, len(g.Configured)) // encode an empty list as [], not null
		for j, d := range g.Configured {
			all[i].Configured[j] = EgressDomain{d.Domain, append([]EgressType{}, d.Types...)}
		}
	}
	page, err := ask[EgressPage](ctx, "permissions.egress.set", "__permission__egressSet", struct {
		Egresses []EgressGroup `json:"egresses"`
	}{all})
	return page.Groups, err
}

// DeleteEgressDomain removes one type of one address from a group. The user must be an admin. It is not an error if
// the address is not there. Errors are those of [bridge.Client]'s Call.
//
// It is permissions.egress.deleteDomain.
func DeleteEgressDomain(ctx context.Context, key, domain string, kind EgressType) error {
	return do(ctx, "permissions.egress.deleteDomain", "__permission__egressDeleteDomain", struct {
		Key    string     `json:"key"`
		Domain string     `json:"domain"`
		Type   EgressType `json:"type"`
	}{key, domain, kind})
}

// DeleteEgressGroup deletes a group with all its addresses. The user must be an admin. It is not an error if the
// group does not exist. Errors are those of [bridge.Client]'s Call.
//
// It is permissions.egress.deleteGroup.
func DeleteEgressGroup(ctx context.Context, key string) error {
	return do(ctx, "permissions.egress.deleteGroup", "__permission__egressDeleteGroup", struct {
		Key string `json:"key"`
	}{key})
}

// do sends a command and ignores its answer.
func do(ctx context.Context, op, command string, what any) error {
	_, err := send(ctx, op, command, what)
	return err
}

func ask[T any](ctx context.Context, op, command string, what any) (T, error) {
	var answer T
	text, err := send(ctx, op, command, what)
	if err == nil {
		err = payload.Read(op, text, &answer)
	}
	return answer, err
}

func send(ctx context.Context, op, command string, what any) ([]byte, error) {
	argument, err := payload.JSON(op, what)
	if err != nil {
		return nil, err
	}
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: command, Payload: argument})
	return answer.Payload, err
}
