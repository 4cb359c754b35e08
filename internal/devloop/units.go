package devloop

import (
	"context"
	"maps"
	"net"
	"reflect"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/watch"
)

// unit is a front end, the development server of a front end, a backend of the app, or its functions.
type unit interface {
	// id tells units apart, such as "frontend main". It is also the ID of the unit's problem and the name of its group of
	// watched files.
	id() string
	// start builds and starts it, or does that again. It does not wait for the end. A newer call cancels an earlier one.
	start(ctx context.Context)
	// first waits for the result of the first start, and returns its error. Of a program that does not listen it does not
	// wait for longer than readyNotice.
	first() error
	// dependencies returns the files on which it depends, as far as they are known.
	dependencies() []watch.Root
	// close ends its build and its process.
	close()
}

// units returns all units, sorted by id.
func (l *Loop) units() []unit {
	return slices.SortedFunc(maps.Values(l.byID), func(a, b unit) int { return strings.Compare(a.id(), b.id()) })
}

// setUnits makes the units those of the app's files. It closes units that are gone, and returns those that are new or have
// other settings, which the caller must start.
func (l *Loop) setUnits() (changed []unit) {
	before := l.byID
	l.byID = map[string]unit{}
	maps.DeleteFunc(l.closing, func(_ string, closed <-chan struct{}) bool { return isClosed(closed) })
	if !l.options.NoBuild {
		for key, settings := range l.app.Dev.Frontends {
			resource, _ := l.app.Manifest.Resource(key)
			if len(settings.Command) > 0 {
				changed = l.setServer(before, changed, key, serverSettings{settings, resource.TunnelPort})
				continue
			}
			id := frontendID(key)
			f, ok := before[id].(*frontend)
			if !ok {
				f = &frontend{builder: l.newBuilder(id), key: key}
			}
			l.byID[id] = f
			if configure(&f.options, bundle.Options{
				Dir: l.options.Dir, Package: settings.Package, Out: resource.Path, Title: l.app.Title(key), Compiler: l.options.Compiler, Panics: true,
			}) {
				changed = append(changed, f)
			}
		}
	}
	if l.host != nil {
		for key, settings := range l.app.Dev.Remotes {
			changed = l.setBackend(before, changed, "remote", key, settings, l.host.SetRemoteURL)
		}
		for key, settings := range l.app.Dev.Services {
			changed = l.setBackend(before, changed, "service", key, settings, l.host.SetServiceURL)
		}
		changed = l.setHandlers(before, changed)
	}
	for id, u := range before {
		if l.byID[id] == nil {
			closed := make(chan struct{})
			l.closing[id] = closed
			l.serving.Go(func() {
				defer close(closed)
				u.close()
				l.problems.clear(id)
			})
		}
	}
	return changed
}

// configure sets what a unit builds and runs, and reports whether that has changed.
func configure[T any](settings *T, now T) (changed bool) {
	changed = !reflect.DeepEqual(*settings, now)
	*settings = now
	return changed
}

func (l *Loop) setServer(before map[string]unit, changed []unit, key string, settings serverSettings) []unit {
	id := serverID(key)
	s, ok := before[id].(*devServer)
	if !ok {
		s = &devServer{builder: l.newBuilder(id), key: key}
	}
	l.byID[id] = s
	if configure(&s.settings, settings) {
		changed = append(changed, s)
	}
	return changed
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func (l *Loop) setBackend(before map[string]unit, changed []unit, kind, key string, settings manifest.DevRemote, setURL func(key, url string) error) []unit {
	id := backendID(kind, key)
	b, ok := before[id].(*backend)
	if !ok {
		b = &backend{builder: l.newBuilder(id), kind: kind, key: key, setURL: setURL}
	}
	l.byID[id] = b
	origins := ""
	if kind == "remote" {
		// Requests come from the product page, by requestRemote, and from the app's own pages.
		origins = strings.Join(append([]string{strings.TrimSuffix(l.host.URL(), "/")}, l.host.AppOrigins()...), ",")
	}
	if configure(&b.settings, backendSettings{settings, l.app.Manifest.AppID, origins}) {
		changed = append(changed, b)
	}
	return changed
}

// remoteVariables returns the variables for a remote that listens at an address, and that pages reach at its base URL.
func remoteVariables(addr, base string, settings backendSettings, keySet string) []string {
	return []string{
		"HOST=" + host(addr),
		"PORT=" + port(addr),
		"FORGE_APP_ID=" + settings.appID,
		"FORGE_JWKS_URL=" + keySet,
		"FORGE_REMOTE_URL=" + base,
		"FORGE_ALLOWED_ORIGINS=" + settings.origins,
	}
}

// serviceVariables returns those variables of a container that have a meaning here. Source:
// https://developer.atlassian.com/platform/forge/containers-reference/ref-api/
func serviceVariables(addr, appID, key string) []string {
	return []string{"SERVER_PORT=" + port(addr), "FORGE_APP_ARI=" + appID, "FORGE_SERVICE_KEY=" + key}
}

func host(addr string) string {
	host, _, _ := net.SplitHostPort(addr)
	return host
}

func port(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}
