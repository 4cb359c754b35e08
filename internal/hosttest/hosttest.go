// Package hosttest holds every [bridge.Host] to one contract: the page's over a stub, the page's over the local host,
// and the one in memory.
//
// A host under test has the command getContext, which answers with an object; it has no command "noSuchCommand"; and it
// has a remote with the key [RemoteKey], which is [Remote].
package hosttest

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge"
)

// RemoteKey is the key of the remote that a host under test must have.
const RemoteKey = "contract"

// A Case is one clause of the contract.
type Case struct {
	// Name says what must hold.
	Name string
	// Check gives an error that says what does not hold. A host that never answers has it wait until ctx ends.
	Check func(ctx context.Context, host bridge.Host) error
}

// Cases are the whole contract.
func Cases() []Case {
	var all []Case
	for _, part := range [][]Case{commands, bodies, answers, contexts, concurrency} {
		all = append(all, part...)
	}
	return all
}

// Run checks the case of that name.
func Run(ctx context.Context, host bridge.Host, name string) error {
	for _, c := range Cases() {
		if c.Name == name {
			return c.Check(ctx, host)
		}
	}
	return fmt.Errorf("the contract has no case %q", name)
}
