package permissions

import (
	"context"

	"github.com/forgego/forgego/internal/nesting"
)

// Remote is the endpoint of a remote in this installation.
type Remote struct {
	// Key is the remote's key in manifest.yml, where the remote must be configurable.
	Key string
	// Endpoint is the absolute URL. If it is empty, manifest.yml's URL applies, if there is one. In JavaScript an
	// empty Endpoint is null.
	Endpoint string
}

type wireRemote struct {
	Key        string `json:"key"`
	Configured struct {
		Endpoint *string `json:"endpoint"`
	} `json:"configured"`
}

// MarshalJSON returns the form that is sent.
func (r Remote) MarshalJSON() ([]byte, error) {
	w := wireRemote{Key: r.Key}
	if r.Endpoint != "" {
		w.Configured.Endpoint = &r.Endpoint
	}
	return nesting.Marshal(w)
}

// UnmarshalJSON reads that form.
func (r *Remote) UnmarshalJSON(text []byte) error {
	var w wireRemote
	if err := nesting.UnmarshalShallow(text, &w); err != nil {
		return err
	}
	*r = Remote{Key: w.Key}
	if w.Configured.Endpoint != nil {
		r.Endpoint = *w.Configured.Endpoint
	}
	return nil
}

// RemotePage is a page of remotes, and the key of the next page.
type RemotePage struct {
	Remotes []Remote `json:"results"`
	// NextKey is lastEvaluatedKey. It is empty if there are no more pages.
	NextKey string `json:"lastEvaluatedKey"`
}

// GetRemotes returns the remotes that the admin has configured. Every user may call it. Errors are those of [GetEgress].
//
// It is permissions.remote.get.
func GetRemotes(ctx context.Context, query Query) (RemotePage, error) {
	return ask[RemotePage](ctx, "permissions.remote.get", "__permission__remoteGet", query)
}

// SetRemotes asks the current user, who must be an admin, to approve these endpoints, and waits. It returns
// [bridge.ErrRejected] if the user is not an admin or does not approve, or if an endpoint does not match the
// manifest's supportedPatterns. Other errors are those of [bridge.Client]'s Call.
//
// It is permissions.remote.set.
func SetRemotes(ctx context.Context, remotes ...Remote) error {
	return do(ctx, "permissions.remote.set", "__permission__remoteSet", struct {
		Remotes []Remote `json:"remotes"`
	}{append([]Remote{}, remotes...)})
}
