package permissions

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// EgressType is what an address may be reached for: EgressType of @forge/egress.
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

// EgressGroup is a set of addresses that the admin approves together, for one reason. The limits are Forge's: 10 groups in
// an installation, 10 addresses in each.
type EgressGroup struct {
	// Key names the group; the app chooses it.
	Key string `json:"key"`
	// Description tells the admin what it is for.
	Description string         `json:"description"`
	Configured  []EgressDomain `json:"configured"`
}

// EgressDomain is an address, or "*", and what it may be reached for.
type EgressDomain struct {
	Domain string       `json:"domain"`
	Types  []EgressType `json:"type"`
}

// Query says what to list. The zero Query is everything.
type Query struct {
	// Keys are those of groups or remotes; none is all.
	Keys []string `json:"keys,omitempty"`
	// PageSize is how many to give at once; 0 is all.
	PageSize int `json:"pageSize,omitempty"`
	// NextPageToken is for the page after. Forge does not document where it comes from; by the types, NextKey of the page
	// before is the only candidate.
	NextPageToken string `json:"nextPageToken,omitempty"`
}

// EgressPage are groups, and what leads to more.
type EgressPage struct {
	Groups []EgressGroup `json:"results"`
	// NextKey is lastEvaluatedKey, empty where there is none.
	NextKey string `json:"lastEvaluatedKey"`
}

// Egress gives the groups that the admin has approved. It needs no admin. Errors are those of [bridge.Client]'s Call, and
// [bridge.ErrInvalidResponse].
//
// It is permissions.egress.get.
func Egress(ctx context.Context, query Query) (EgressPage, error) {
	return ask[EgressPage](ctx, "permissions.egress.get", "__permission__egressGet", query)
}

// SetEgress asks the admin who is in front of the page to approve these groups, waits, and gives the groups as they are
// then. Who is no admin, or does not approve, is an error that is [bridge.ErrRejected]. The other errors are those of
// [Egress].
//
// It is permissions.egress.set.
func SetEgress(ctx context.Context, groups ...EgressGroup) ([]EgressGroup, error) {
	all := make([]EgressGroup, len(groups))
	for i, g := range groups {
		all[i] = g
		all[i].Configured = make([]EgressDomain, len(g.Configured)) // [] where there are none, not null
		for j, d := range g.Configured {
			all[i].Configured[j] = EgressDomain{d.Domain, append([]EgressType{}, d.Types...)}
		}
	}
	page, err := ask[EgressPage](ctx, "permissions.egress.set", "__permission__egressSet", struct {
		Egresses []EgressGroup `json:"egresses"`
	}{all})
	return page.Groups, err
}

// DeleteEgressDomain takes one type of one address out of a group. It needs an admin; what is not there is no error.
// Errors are those of [bridge.Client]'s Call.
//
// It is permissions.egress.deleteDomain.
func DeleteEgressDomain(ctx context.Context, key, domain string, kind EgressType) error {
	return tell(ctx, "permissions.egress.deleteDomain", "__permission__egressDeleteDomain", struct {
		Key    string     `json:"key"`
		Domain string     `json:"domain"`
		Type   EgressType `json:"type"`
	}{key, domain, kind})
}

// DeleteEgressGroup deletes a group with all its addresses. It needs an admin; what is not there is no error. Errors are
// those of [bridge.Client]'s Call.
//
// It is permissions.egress.deleteGroup.
func DeleteEgressGroup(ctx context.Context, key string) error {
	return tell(ctx, "permissions.egress.deleteGroup", "__permission__egressDeleteGroup", struct {
		Key string `json:"key"`
	}{key})
}

// tell sends a command whose answer says nothing.
func tell(ctx context.Context, op, command string, what any) error {
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
