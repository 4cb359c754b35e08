package manifest

import (
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const tasksDev = `frontends:
  main:
    package: ./frontend
remotes:
  tasks-api:
    url: http://127.0.0.1:8787
    command: [go, run, ./remote, -n, 3]
services:
  java:
    command: [java, -jar, server.jar]
    watch: [server.jar, lib]
`

func TestLoadDev(t *testing.T) {
	d, err := LoadDev(app(t, "manifest.yml", tasks+"services:\n  - key: java\n", "forgego.yml", tasksDev, "frontend/main.go", "package main"))
	if err != nil {
		t.Fatal(err)
	}
	d.src = nil
	want := &Dev{
		Frontends: map[string]Frontend{"main": {Package: "./frontend"}},
		Remotes:   map[string]DevRemote{"tasks-api": {URL: "http://127.0.0.1:8787", Command: []string{"go", "run", "./remote", "-n", "3"}}},
		Services:  map[string]DevRemote{"java": {Command: []string{"java", "-jar", "server.jar"}, Watch: []string{"server.jar", "lib"}}},
		Products:  map[string]DevProduct{}, Functions: map[string]DevFunction{}, TeamworkGraph: map[string]string{}, FeatureFlags: map[string]bool{},
	}
	if !reflect.DeepEqual(d, want) {
		t.Errorf("got %+v, want %+v", d, want)
	}
}

// TestLoadDevServer reads a front end with a development server, and a file that must be corrected.
func TestLoadDevServer(t *testing.T) {
	tunnelled := strings.Replace(tasks, "    path: static\n", "    path: static\n    tunnel: {port: 5173}\n", 1)
	if tunnelled == tasks {
		t.Fatal("the manifest has no such resource")
	}
	const server = "frontends:\n  main:\n    command: [npm, run, dev]\n    dir: web\n"
	d, err := LoadDev(app(t, "manifest.yml", tunnelled, "forgego.yml", server, "web/package.json", "{}"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Frontend{"main": {Command: []string{"npm", "run", "dev"}, Dir: "web"}}
	if !reflect.DeepEqual(d.Frontends, want) || len(d.Programs()) != 0 || !slices.Equal(d.CommandKeys(), []string{"main"}) {
		t.Errorf("got %+v, want %+v; programs %v, commands %v", d.Frontends, want, d.Programs(), d.CommandKeys())
	}
	for _, c := range []struct{ name, manifest, dev, place, msg, fix string }{
		{"no tunnel.port", tasks, server, "3:5", "does not say where it listens", "tunnel:\n    port: 5173"},
		{"package and command", tunnelled, server + "    package: ./web\n", "3:5", "both a package and a command", "Remove command"},
		{"command as text", tunnelled, strings.Replace(server, "[npm, run, dev]", "npm run dev", 1), "3:5", `the command of front end "main" must be a list`, "[npm, run, dev]"},
		{"command empty", tunnelled, strings.Replace(server, "[npm, run, dev]", "[]", 1), "3:5", "empty argument", "[npm, run, dev]"},
		{"dir outside", tunnelled, strings.Replace(server, "dir: web", "dir: ../web", 1), "4:5", "is outside the app's folder", "such as web"},
		{"dir missing", tunnelled, strings.Replace(server, "dir: web", "dir: wep", 1), "4:5", `there is no folder "wep"`, "relative to forgego.yml"},
		{"dir without command", tunnelled, strings.Replace(server, "    command: [npm, run, dev]\n", "", 1), "3:5", "has no command", "[npm, run, dev]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := app(t, "manifest.yml", c.manifest, "forgego.yml", c.dev, "web/package.json", "{}")
			_, err := LoadDev(dir)
			e := findFault(t, err, c.msg)
			if !strings.HasPrefix(e.Error(), filepath.Join(dir, "forgego.yml")+":"+c.place) || !strings.Contains(e.Fix, c.fix) {
				t.Errorf("want an error at %q with the advice %q, got:\n%v", c.place, c.fix, e)
			}
		})
	}
}

func TestLoadDevWithoutFile(t *testing.T) {
	d, err := LoadDev(t.TempDir())
	if err != nil || len(d.Frontends)+len(d.Remotes) != 0 {
		t.Errorf("got %+v, %v", d, err)
	}
}

// Everything in forgego.yml is optional, so the file may be empty.
func TestLoadDevEmptyFile(t *testing.T) {
	for _, text := range []string{"", "# later\n", "---\n"} {
		if d, err := LoadDev(app(t, "manifest.yml", tasks, "forgego.yml", text)); err != nil || len(d.Remotes) != 0 {
			t.Errorf("forgego.yml is %q: got %+v, %v; want no remotes and no error", text, d, err)
		}
	}
}

func TestLoadDevIgnoresBrokenManifest(t *testing.T) {
	if _, err := LoadDev(app(t, "manifest.yml", "[", "forgego.yml", tasksDev, "frontend/main.go", "")); err != nil {
		t.Error(err)
	}
}

func TestLoadDevErrors(t *testing.T) {
	for _, c := range []struct{ name, old, new, place, msg, fix string }{
		{"unknown key", "frontends:", "frontend:", "1:1", `unknown key "frontend"`, "frontends, remotes"},
		{"unknown key of a frontend", "package:", "pkg:", "3:5", `unknown key "pkg"`, "package"},
		{"unknown key of a remote", "command: [go", "cmd: [go", "7:5", `unknown key "cmd"`, "url, command"},
		{"frontend not a mapping", "\n    package: ./frontend", " ./frontend", "2:3", "it needs package", "package: …"},
		{"remotes not a mapping", "remotes:\n  tasks-api:\n    url: http://127.0.0.1:8787\n    command: [go, run, ./remote, -n, 3]\n", "remotes: [a]\n", "4:1", "remotes must be a mapping", "one indented key for each"},
		{"no such resource", "  main:", "  page:", "2:3", `manifest.yml has no resource "page"`, "main"},
		{"no such remote", "  tasks-api:", "  tasks:", "5:3", `manifest.yml has no remote "tasks"`, "tasks-api"},
		{"no such service", "  java:", "  go:", "9:3", `manifest.yml has no service "go"`, "java"},
		{"url of a service on another machine", "    command: [java, -jar, server.jar]", "    command: [java]\n    url: http://service.example.com", "11:5", `the url of service "java" is not an http address of this machine`, "loopback"},
		{"unknown key of a service", "    command: [java, -jar, server.jar]", "    command: [java]\n    port: 8080", "11:5", `unknown key "port"`, "url, command"},
		{"command of a service as text", "[java, -jar, server.jar]", "java", "10:5", `the command of service "java" must be a list`, "[go, run, ./service]"},
		{"watch is not a list", "[server.jar, lib]", "server.jar", "11:5", `watch of service "java" must be a list`, "[server]"},
		{"watch outside", "[server.jar, lib]", "[../server]", "11:13", `service "java" cannot watch "../server"`, "inside the app"},
		{"watch without a command", "    command: [java, -jar, server.jar]", "    url: http://127.0.0.1:1", "11:5", `service "java" has no command to restart`, "Add a command"},
		{"package outside", "./frontend", "../frontend", "3:5", "is outside the app's folder", "./frontend"},
		{"package absolute", "./frontend", "/frontend", "3:5", "is outside the app's folder", "./frontend"},
		{"package missing", "./frontend", "./frontent", "3:5", `there is no folder "./frontent"`, "relative to forgego.yml"},
		{"package empty", "./frontend", `""`, "3:5", "the front end has no package", "package: ./frontend"},
		{"package a number", "./frontend", "5", "3:5", "the package cannot be 5", "./frontend"},
		{"watch a list in a list", "[server.jar, lib]", "[[lib]]", "11:13", `service "java" cannot watch a list`, "inside the app"},
		{"keys without values", "    url: http://127.0.0.1:8787\n    command: [go, run, ./remote, -n, 3]", "    url:\n    command:", "5:3", "neither a url nor a command", "command"},
		{"url on another machine", "127.0.0.1:8787", "192.168.1.5:8787", "6:5", "is not an http address of this machine", "loopback"},
		{"url with https", "http:", "https:", "6:5", "is not an http address of this machine", "http"},
		{"url with a query", ":8787", ":8787/?a=b", "6:5", "is not an http address of this machine", "http"},
		{"url with port 0", ":8787", ":0", "6:5", "is not an http address of this machine", "http"},
		{"command as text", "[go, run, ./remote, -n, 3]", "go run ./remote", "7:5", "must be a list", "[go, run, ./remote]"},
		{"command empty", "[go, run, ./remote, -n, 3]", "[]", "7:5", "empty argument", "[go, run, ./remote]"},
		{"command with an empty part", "[go, run, ./remote, -n, 3]", `[go, ""]`, "7:5", "empty argument", "[go, run, ./remote]"},
		{"neither url nor command", "\n    url: http://127.0.0.1:8787\n    command: [go, run, ./remote, -n, 3]", " {}", "5:3", "neither a url nor a command", "command"},
		{"not YAML", "frontends:", "frontends: [", "", "not valid YAML", "brackets"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if strings.Count(tasksDev, c.old) != 1 {
				t.Fatalf("%q occurs %d times in the file, want once", c.old, strings.Count(tasksDev, c.old))
			}
			dir := app(t, "manifest.yml", tasks+"services:\n  - key: java\n", "frontend/main.go", "package main", "forgego.yml", strings.Replace(tasksDev, c.old, c.new, 1))
			d, err := LoadDev(dir)
			if d != nil {
				t.Errorf("LoadDev returned %+v and an error", d)
			}
			e := findFault(t, err, c.msg)
			if !strings.HasPrefix(e.Error(), filepath.Join(dir, "forgego.yml")+":"+c.place) || !strings.Contains(e.Fix, c.fix) {
				t.Errorf("want an error at %q with the advice %q, got:\n%v", c.place, c.fix, e)
			}
		})
	}
}
