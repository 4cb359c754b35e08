package bridgetest

import (
	"bytes"
	"encoding/json"
	"regexp"
	"time"

	"github.com/forgego/forgego/bridge"
)

// Call is the record of one command, or of one request of [Host.Fetcher]. It does not contain tokens.
type Call struct {
	// Command is the command's name, such as "fetchRemote". "fetch" is a request of the Fetcher, "apply" a call of a
	// method of an [Object], and "callback" a call of a callback, which goes from the host to the app.
	Command string
	// Function is the method's name for "apply", and the callback's path for "callback".
	Function string
	// Remote is the key of the remote, and Method and Path are the request's, if the call sent one to a remote.
	Remote, Method, Path string
	// Payload is the argument as JSON, or nil if there was none. Body is the text beside it, if the command carries
	// one.
	Payload json.RawMessage
	Body    string
	// Answer is the answer as JSON, or nil if it was undefined or there is none. AnswerBody is the text beside it.
	Answer     json.RawMessage
	AnswerBody string
	// Err says why there is no answer: a [*bridge.HostError], or the reason why the caller's context ended.
	Err error
	// Done means that the call has ended, with Answer or with Err.
	Done bool
	// Started is when the call began. Took is its duration until Done; for "fetch", until the response's header
	// arrived.
	Started time.Time
	Took    time.Duration
}

// entry is a call in the record, guarded by the host's lock.
type entry struct {
	Call
	// streamed is the part of the response's body that has been read.
	streamed []byte
}

// Calls returns everything that has crossed the bridge so far, in the order in which it began.
func (h *Host) Calls() []Call {
	h.mu.Lock()
	defer h.mu.Unlock()
	calls := make([]Call, len(h.calls))
	for i, e := range h.calls {
		calls[i] = e.Call
		calls[i].Payload, calls[i].Answer = bytes.Clone(e.Payload), bytes.Clone(e.Answer)
		if e.streamed != nil {
			calls[i].AnswerBody = string(redacted(e.streamed))
		}
	}
	return calls
}

// Count returns the number of calls of the command with this name, or of requests to the remote with this key by any
// way. Calls that failed count too.
func (h *Host) Count(name string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.counts[name]
}

// Reset clears the record and its counts. Scripts and failures stay.
func (h *Host) Reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls = nil
	clear(h.counts)
}

func (h *Host) add(c Call) *entry {
	c.Payload, c.Body = redacted(c.Payload), string(redacted([]byte(c.Body)))
	c.Started = time.Now()
	e := &entry{Call: c}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls = append(h.calls, e)
	h.counts[c.Command]++
	return e
}

func (h *Host) record(call bridge.Call) *entry {
	return h.add(Call{Command: call.Command, Payload: call.Payload, Body: string(call.Body)})
}

func (h *Host) recordApply(name string, arguments []byte) *entry {
	return h.add(Call{Command: "apply", Function: name, Payload: arguments})
}

func (h *Host) recordCallback(path string, arguments []byte) {
	h.add(Call{Command: "callback", Function: path, Payload: arguments, Done: true})
}

func (h *Host) recordFetch(request bridge.FetchRequest) *entry {
	return h.add(Call{Command: directWay, Method: request.Method, Payload: fetchPayload(request), Body: string(request.Body)})
}

// setTarget records where a call goes. Without a method, nothing is sent to the remote.
func (h *Host) setTarget(e *entry, remoteKey, method, path string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e.Remote, e.Method, e.Path = remoteKey, method, path
	if method != "" {
		h.counts[remoteKey]++
	}
}

// finish records how a call ended, unless its caller has left.
func (h *Host) finish(e *entry, out outcome) {
	// The caller may change the answer, so copy it.
	answer, body := bytes.Clone(redacted(out.answer.Payload)), string(redacted(out.answer.Body))
	h.mu.Lock()
	defer h.mu.Unlock()
	if e.Done {
		return
	}
	e.Answer, e.AnswerBody, e.Err = answer, body, out.err
	e.Done, e.Took = true, time.Since(e.Started)
}

// leave records that the caller has left.
func (h *Host) leave(e *entry, cause error) { h.finish(e, outcome{err: cause}) }

func (h *Host) finishFetch(e *entry, response bridge.FetchResponse) {
	data, err := json.Marshal(map[string]any{"status": response.Status, "headers": response.Header})
	h.finish(e, outcome{answer: bridge.Answer{Payload: data}, err: err})
}

func (h *Host) recordPiece(e *entry, piece []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e.streamed = append(e.streamed, piece...)
}

var (
	jwtText = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]*`)
	// secretNames are the members and headers whose values are secrets, in lower case.
	secretNames = []string{"authorization", "cookie", "x-forge-oauth-", "jwt"}
	// secretMember matches one of them with its value, as a member or as a pair.
	secretMember = regexp.MustCompile(`(?i)("(?:proxy-authorization|authorization|cookie|x-forge-oauth-\w+|jwt)"\s*[:,]\s*)"(?:[^"\\]|\\.)*"`)
)

// redacted returns a text without tokens. It checks for the names first, because bodies may be megabytes.
func redacted(text []byte) []byte {
	lower := bytes.ToLower(text)
	for _, name := range secretNames {
		if bytes.Contains(lower, []byte(name)) {
			text = secretMember.ReplaceAll(text, []byte(`$1"[hidden]"`))
			break
		}
	}
	if bytes.Contains(text, []byte("eyJ")) {
		text = jwtText.ReplaceAll(text, []byte("[token]"))
	}
	return text
}
