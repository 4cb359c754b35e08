// Package hosttest holds the contract that every [bridge.Host] must meet: the page's host over a stub, the page's
// host over the local host, and the in-memory host.
//
// A host under test has the commands fetchRemote, invoke, signInvocationTokenForUI and getContext, which answers with
// an object. It does not have the command "noSuchCommand". It has one remote with the key [RemoteKey] and a base URL
// without a path; [Remote] is its handler, and invoke calls it too.
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
	// Check returns an error if the clause does not hold. If the host never answers, it waits until ctx ends.
	Check func(ctx context.Context, host bridge.Host) error
}

// Scripted returns the cases for a host whose commands can be scripted. They need these commands:
//
//	contractSame       answers with its payload, undefined included
//	contractRefuse     throws a RangeError "too far" with the code "FAR"
//	contractSubscribe  keeps payload.callback, and answers with {name: "contract"} and these methods:
//	                   emit calls that callback, and emitToAll those of all subscriptions, with its arguments; ask
//	                   does what emit does, waits for the result, and returns {returned: result} or the error's name,
//	                   message and code; askFirst does so with the callback of the first subscription;
//	                   join returns its arguments joined by "+"; fail throws a RangeError "too far"; listen calls its
//	                   argument with "heard", and returns a function that returns "stopped"; inner is an object with
//	                   the functions emit and join
func Scripted() []Case { return scripted }

// Cases returns the contract of all hosts.
func Cases() []Case {
	var all []Case
	for _, part := range [][]Case{commands, bodies, answers, requests, forms, invocations, contexts, concurrency} {
		all = append(all, part...)
	}
	return all
}

// Run runs the case with that name.
func Run(ctx context.Context, host bridge.Host, cases []Case, name string) error {
	for _, c := range cases {
		if c.Name == name {
			return c.Check(ctx, host)
		}
	}
	return fmt.Errorf("the contract has no case %q", name)
}
