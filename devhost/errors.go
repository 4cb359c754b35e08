package devhost

import (
	"errors"

	"github.com/forgego/forgego/devhost/internal/backend"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/internal/loopback"
)

var (
	// ErrNotLoopback means that New got an address that other machines could reach.
	ErrNotLoopback = loopback.ErrNotLoopback
	// ErrInvalidURL means that New, SetRemoteURL or SetServiceURL got a URL that is not an absolute http or https
	// URL.
	ErrInvalidURL = backend.ErrInvalidURL
	// ErrUnknownModule means that manifest.yml has no UI module with this key.
	ErrUnknownModule = installation.ErrUnknownModule
	// ErrUnknownRemote means that manifest.yml has no remote with this key.
	ErrUnknownRemote = backend.ErrUnknownRemote
	// ErrUnknownService means that manifest.yml has no container service with this key.
	ErrUnknownService = backend.ErrUnknownService
	// ErrNoWindow means that Ask needs an open product page.
	ErrNoWindow = errors.New("no page of the app is open")
)
