package devhost

import "errors"

var (
	// ErrNotLoopback is what New gives for an address that other machines could reach.
	ErrNotLoopback = errors.New("the local host listens on loopback only")
	// ErrInvalidRemoteURL is what New, SetRemoteURL and SetServiceURL give for a URL that is not an absolute http or https
	// URL.
	ErrInvalidRemoteURL = errors.New("not an absolute http or https URL")
	// ErrUnknownModule means that manifest.yml has no UI module with the key asked for.
	ErrUnknownModule = errors.New("unknown module")
	// ErrUnknownRemote means that manifest.yml has no remote with the key asked for.
	ErrUnknownRemote = errors.New("unknown remote")
	// ErrUnknownService means that manifest.yml has no container service with the key asked for.
	ErrUnknownService = errors.New("manifest.yml has no service")
)
