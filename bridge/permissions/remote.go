package permissions

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge/internal/nesting"
)

// Remote is where a remote of manifest.yml is reached in this installation.
type Remote struct {
	// Key is the remote's in manifest.yml, where it must be configurable.
	Key string
	// Endpoint is its absolute URL. Empty, it is what manifest.yml says, or nothing; in JavaScript that is null.
	Endpoint string
}

type wireRemote struct {
	Key        string `json:"key"`
	Configured struct {
		Endpoint *string `json:"endpoint"`
	} `json:"configured"`
}

// MarshalJSON gives the form in which the remote crosses.
func (r Remote) MarshalJSON() ([]byte, error) {
	w := wireRemote{Key: r.Key}
	if r.Endpoint != "" {
		w.Configured.Endpoint = &r.Endpoint
	}
	return json.Marshal(w)
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

// RemotePage are remotes, and what leads to more.
type RemotePage struct {
	Remotes []Remote `json:"results"`
	// NextKey is lastEvaluatedKey, empty where there is none.
	NextKey string `json:"lastEvaluatedKey"`
}

// Remotes gives the remotes that the admin has configured. It needs no admin. Errors are those of [Egress].
//
// It is permissions.remote.get.
func Remotes(ctx context.Context, query Query) (RemotePage, error) {
	return ask[RemotePage](ctx, "permissions.remote.get", "__permission__remoteGet", query)
}

// SetRemotes asks the admin who is in front of the page to approve these endpoints, and waits. Who is no admin, or does not
// approve, and an endpoint that does not fit the manifest's supportedPatterns, are errors that are [bridge.ErrRejected].
//
// It is permissions.remote.set.
func SetRemotes(ctx context.Context, remotes ...Remote) error {
	return tell(ctx, "permissions.remote.set", "__permission__remoteSet", struct {
		Remotes []Remote `json:"remotes"`
	}{append([]Remote{}, remotes...)})
}
