package devloop

import "github.com/forgego/forgego/devhost"

// The events of the loop, beside those of the local host.
const (
	// EventReady says that the page can be opened. Text is its address.
	EventReady devhost.EventType = "ready"
	// EventBuild is a build of a front end, or of a backend's program. Name is its key. Status is "started", "ok", "failed"
	// or "canceled".
	EventBuild devhost.EventType = "build"
	// EventBackend is about a remote, a container service, the app's functions, or the development server of a front end, whose
	// Unit is "server". Name is its key. Status is "starting", "ready", "failed" or "stopped".
	EventBackend devhost.EventType = "backend"
	// EventConfig says that manifest.yml, forgego.yml, translations or fixtures were read again. Name is the file's name.
	// Status is "ok" or "failed".
	EventConfig devhost.EventType = "config"
	// EventReload says that open pages load something again. Name is the key of the resource, or empty for all. Status is a
	// devhost.Part. Text says so if no page is open.
	EventReload devhost.EventType = "reload"
	// EventProblems says that what the developer must correct has changed. Problems are all of them now, or none.
	EventProblems devhost.EventType = "problems"
	// EventLog is a note for the developer.
	EventLog devhost.EventType = "log"
)
