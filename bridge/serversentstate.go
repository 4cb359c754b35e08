package bridge

import "time"

// ServerSentState is what [ServerSentEvents] is doing. [WithStates] reports it.
type ServerSentState struct {
	Phase ServerSentPhase
	// Until is when the request is sent again, if Phase is ServerSentWaiting, unless the browser is online again
	// before. Otherwise it is zero.
	Until time.Time
	// Err is why the connection ended or could not be opened, if Phase is ServerSentWaiting. If Phase is
	// ServerSentClosed, it is the error that the loop returns. It is nil if the remote ended the stream, or the app left
	// the loop.
	Err error
	// LastEventID is the last id that the remote sent, with an event or alone. The next request repeats it.
	LastEventID string
}

// ServerSentPhase is a phase of [ServerSentEvents].
type ServerSentPhase int

// The phases. A loop starts with ServerSentConnecting and ends with ServerSentClosed.
const (
	// ServerSentConnecting means that the request is on its way.
	ServerSentConnecting ServerSentPhase = iota + 1
	// ServerSentOpen means that the answer has begun, and events arrive.
	ServerSentOpen
	// ServerSentWaiting means that the connection ended or failed, and is opened again later.
	ServerSentWaiting
	// ServerSentClosed means that the loop has ended.
	ServerSentClosed
)

// String returns the name of the phase, such as "connecting".
func (p ServerSentPhase) String() string {
	switch p {
	case ServerSentConnecting:
		return "connecting"
	case ServerSentOpen:
		return "open"
	case ServerSentWaiting:
		return "waiting"
	case ServerSentClosed:
		return "closed"
	}
	return "unknown"
}
