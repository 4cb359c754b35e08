package manifest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const tasks = `app:
  id: ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555
modules:
  jira:issuePanel:
    - key: tasks-panel
      title: Tasks
      resource: main
      resolver:
        endpoint: tasks
  macro:
    - key: tasks-macro
      title:
        i18n: macro.title
      resource: main
      resolver:
        function: resolve
  function:
    - key: resolve
      handler: index.handler
  endpoint:
    - key: tasks
      remote: tasks-api
      auth:
        appUserToken:
          enabled: true
        appSystemToken:
          enabled: true
resources:
  - key: main
    path: static
remotes:
  - key: tasks-api
    baseUrl: https://tasks.example.com
permissions:
  scopes:
    - read:app-system-token
    - read:app-user-token
    - read:jira-work
  content:
    scripts:
      - unsafe-eval
    styles:
      - unsafe-inline
  external:
    images:
      - address: https://*.example.com
    fetch:
      client:
        - api.example.com
        - address: wss://live.example.com
        - remote: tasks-api
`

// app makes an app's folder. files are pairs of name and text. There is always a static/index.html.
func app(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	files = append([]string{"static/index.html", "<!doctype html>"}, files...)
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(dir, files[i])
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLoad(t *testing.T) {
	dir := app(t, "manifest.yml", tasks)
	m, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	m.src, m.places = nil, nil
	want := &Manifest{
		Dir:   dir,
		AppID: "ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555",
		Modules: []Module{
			{Type: "jira:issuePanel", Key: "tasks-panel", Title: "Tasks", Views: []View{{Resource: "main", Entry: "index.html"}}, Endpoint: "tasks"},
			{Type: "macro", Key: "tasks-macro", Title: "tasks-macro", TitleKey: "macro.title", Views: []View{{Resource: "main", Entry: "index.html", Function: "resolve"}}},
		},
		Resources: []Resource{{Key: "main", Path: "static"}},
		Endpoints: []Endpoint{{Key: "tasks", Remote: "tasks-api", SystemToken: true, UserToken: true}},
		Remotes:   []Remote{{Key: "tasks-api", BaseURL: "https://tasks.example.com"}},
		Functions: []Function{{Key: "resolve", Handler: "index.handler"}}, handlerFolder: "src",
		Scopes:  []string{"read:app-system-token", "read:app-user-token", "read:jira-work"},
		Content: Content{Scripts: []string{"unsafe-eval"}, Styles: []string{"unsafe-inline"}},
		External: External{
			Images: []string{"https://*.example.com"},
			Client: []string{"api.example.com", "wss://live.example.com"}, ClientRemotes: []string{"tasks-api"},
		},
	}
	if !reflect.DeepEqual(m, want) {
		t.Errorf("got  %+v\nwant %+v", m, want)
	}
	if mod, ok := m.Module("tasks-macro"); !ok || mod.Type != "macro" {
		t.Errorf("Module(tasks-macro) = %+v, %v", mod, ok)
	}
	if _, ok := m.Resource("other"); ok {
		t.Error("Resource(other) returned true")
	}
}

// Every error has a place and says what to change. Each case replaces a part of the manifest above.
func TestLoadErrors(t *testing.T) {
	const issuePanel = "\n      resource: main\n      resolver:\n        endpoint: tasks\n"
	for _, c := range []struct{ name, old, new, place, msg, fix string }{
		{"app.id missing", "  id: ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555", "  runtime: {}", "1:1", "app.id is missing", "forge register"},
		{"no app", "app:\n  id: ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555\n", "", "1:1", "app.id is missing", "UUID"},
		{"app.id not an ARI", "ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555", "my-app", "2:3", "app.id is not an app's ARI", "ari:cloud:ecosystem::app/"},
		{"module without resource", issuePanel, "\n", "5:7", `module "tasks-panel" has no resource`, `Add "resource: …" with the key of an entry under resources: main.`},
		{"module without key", "    - key: tasks-panel\n      title", "    - title", "5:7", "a module of jira:issuePanel has no key", "key: …"},
		{"module key with a space", "key: tasks-panel", "key: tasks panel", "5:7", "a key that Forge refuses", "letters"},
		{"module key twice", "key: tasks-macro", "key: tasks-panel", "11:7", `the key "tasks-panel" is used twice`, "its own key"},
		{"modules not a list", "  macro:\n    - key: tasks-macro\n", "  macro:\n      key: tasks-macro\n", "10:3", "macro must be a list", `- key: …`},
		{"resource unknown", "resource: main\n      resolver:\n        endpoint", "resource: mian\n      resolver:\n        endpoint", "7:7", `module "tasks-panel" names a resource "mian" that does not exist`, "main"},
		{"resource folder missing", "path: static", "path: nowhere", "30:5", `the folder of resource "main" does not exist`, "forgego.yml"},
		{"resource is a file", "path: static", "path: static/index.html", "30:5", `resource "main" is a file`, "render: native"},
		{"resource with an absolute path", "path: static", "path: /static", "30:5", "is not relative", "relative"},
		{"resource that leaves the app does not exist", "path: static", "path: ../static", "30:5", "does not exist", "Create"},
		{"resource without path", "    path: static\n", "", "29:5", `resource "main" has no path`, "path: …"},
		{"tunnel is a port", "    path: static\n", "    path: static\n    tunnel: 5173\n", "31:5", `the tunnel of resource "main" must be a mapping`, "port: 5173"},
		{"tunnel without port", "    path: static\n", "    path: static\n    tunnel: {}\n", "31:5", `the tunnel of resource "main" has no port`, "port: …"},
		{"tunnel port in quotes", "    path: static\n", "    path: static\n    tunnel: {port: '5173'}\n", "31:14", `the tunnel of resource "main" has no valid port`, "without quotes"},
		{"tunnel port 0", "    path: static\n", "    path: static\n    tunnel: {port: 0}\n", "31:14", `no valid port`, "from 1 to 65535"},
		{"tunnel port too large", "    path: static\n", "    path: static\n    tunnel: {port: 65536}\n", "31:14", `no valid port`, "from 1 to 65535"},
		{"tunnel port not whole", "    path: static\n", "    path: static\n    tunnel: {port: 80.5}\n", "31:14", `no valid port`, "from 1 to 65535"},
		{"resource key too long", "key: main", "key: main-of-all-our-resources", "29:5", "has 25 characters; Forge allows at most 23", "shorter"},
		{"resource key twice", "    path: static\n", "    path: static\n  - key: main\n    path: static\n", "31:5", `the key "main" is used twice`, "own key"},
		{"resource entry unknown", "resource: main\n      resolver:\n        endpoint", "resource: main/big\n      resolver:\n        endpoint", "7:7", `resource "main" has no entry "big"`, "entry:"},
		{"resolver endpoint unknown", "endpoint: tasks\n", "endpoint: tsks\n", "9:9", `names an endpoint "tsks" that does not exist`, "tasks"},
		{"resolver with both", "        function: resolve\n", "        function: resolve\n        endpoint: tasks\n", "15:7", "both a function and an endpoint", "Keep one"},
		{"endpoint without remote", "      remote: tasks-api\n      auth", "      auth", "21:7", `endpoint "tasks" has neither a remote nor a service`, "under remotes"},
		{"endpoint with a remote and a service", "      remote: tasks-api\n      auth", "      remote: tasks-api\n      service: java\n      auth", "23:7", `endpoint "tasks" has both a remote and a service`, "Keep one"},
		{"endpoint of an unknown service", "      remote: tasks-api\n      auth", "      service: java\n      auth", "22:7", `names a service "java" that does not exist`, "under services: none."},
		{"service key in capitals", "remotes:\n", "services:\n  - key: Java\nremotes:\n", "32:5", `the service has a key "Java" that Forge refuses`, "small letters"},
		{"service key too long", "remotes:\n", "services:\n  - key: a-very-long-service-1\nremotes:\n", "32:5", "has 21 characters; Forge allows at most 19", "shorter"},
		{"endpoint with unknown remote", "      remote: tasks-api\n      auth", "      remote: other\n      auth", "22:7", `names a remote "other" that does not exist`, "tasks-api"},
		{"tokens without a useful scope", "    - read:jira-work\n", "", "23:7", "no scope lets the token do anything", "read:jira-work"},
		{"token without its scope", "    - read:app-user-token\n", "", "24:9", "enables appUserToken without the scope read:app-user-token", "    - read:app-user-token"},
		{"remote key", "key: tasks-api", "key: tasks.api", "32:5", "a remote has a key that Forge refuses", "letters"},
		{"remote key too long", "key: tasks-api", "key: tasks-api-of-the-forge-team", "32:5", "at most 23", "shorter"},
		{"remote without baseUrl", "    baseUrl: https://tasks.example.com\n", "", "32:5", `remote "tasks-api" has no baseUrl`, "https://"},
		{"baseUrl not a URL", "https://tasks.example.com", "tasks.example.com", "33:5", "is not a URL", "whole URL"},
		{"baseUrl without default", "baseUrl: https://tasks.example.com", "baseUrl:\n      EU: https://eu.example.com", "33:5", "has no default", "default: https://"},
		{"baseUrl with unknown region", "baseUrl: https://tasks.example.com", "baseUrl:\n      default: https://example.com\n      XX: https://eu.example.com", "35:7", `unknown region "XX"`, "EU US AU"},
		{"wasm-unsafe-eval", "- unsafe-eval", "- wasm-unsafe-eval", "41:9", "Forge refuses wasm-unsafe-eval", "Write unsafe-eval"},
		{"script source in quotes", "- unsafe-eval", `- "'unsafe-eval'"`, "41:9", "Forge refuses", "without the single quotes: unsafe-eval"},
		{"script from a site", "- unsafe-eval", `- https://cdn.example.com`, "41:9", "Forge refuses", "permissions.external.scripts"},
		{"script hash too short", "- unsafe-eval", `- sha256-abc=`, "41:9", "Forge refuses", "sha256-…"},
		{"style", "- unsafe-inline", "- unsafe-eval", "43:9", `Forge refuses "unsafe-eval" in permissions.content.styles`, "Only unsafe-inline"},
		{"style that is a mapping", "- unsafe-inline", "- {a: b}", "43:9", "Forge refuses a mapping in permissions.content.styles", "Only unsafe-inline"},
		{"address without dot", "api.example.com", "localhost", "49:11", `Forge refuses the address "localhost"`, "dot"},
		{"address with http", "wss://live.example.com", "http://live.example.com", "50:11", "Forge refuses the address", "https and wss"},
		{"address that runs code", "wss://live.example.com", "javascript:alert(1)", "50:11", "Forge refuses the address", "https and wss"},
		{"address missing", "- address: wss://live.example.com", "- category: analytics", "50:11", "has no address", "address: https://"},
		{"client remote unknown", "- remote: tasks-api", "- remote: other", "51:11", `a remote "other" that does not exist`, "tasks-api"},
		{"client remote on http", "https://tasks.example.com", "http://tasks.example.com", "51:11", "Forge refuses the baseUrl", "forgego.yml"},
		{"client remote without dot", "https://tasks.example.com", "https://tasks", "51:11", "Forge refuses the baseUrl", "dot in its host"},
		{"duplicate YAML key", "resources:\n", "app:\n  id: x\nresources:\n", "28:1", `the key "app" is already on line 1`, "Remove one"},
		{"tab", "  - key: main\n", "\t- key: main\n", "29:", "not valid YAML: a tab", "spaces"},
		{"open bracket", "path: static", "path: [static", "31:", "not valid YAML", "brackets"},
		{"variable not set", "modules:\n  jira:issuePanel:\n", "environment:\n  variables:\n    - FORGEGO_TEST_UNSET\ndescription: ${FORGEGO_TEST_UNSET}\nmodules:\n  jira:issuePanel:\n", "5:7", `the environment variable "FORGEGO_TEST_UNSET" is not set`, "default:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if strings.Count(tasks, c.old) != 1 {
				t.Fatalf("%q occurs %d times in the manifest, want once", c.old, strings.Count(tasks, c.old))
			}
			dir := app(t, "manifest.yml", strings.Replace(tasks, c.old, c.new, 1))
			_, err := Load(dir)
			e := findFault(t, err, c.msg)
			if head := filepath.Join(dir, "manifest.yml") + ":" + c.place; !strings.HasPrefix(e.Error(), head) {
				t.Errorf("the error is not at %s:\n%v", c.place, e)
			}
			if !strings.Contains(e.Fix, c.fix) {
				t.Errorf("the advice does not contain %q:\n%v", c.fix, e)
			}
		})
	}
}

// findFault returns the error that contains msg. One mistake may cause several errors.
func findFault(t *testing.T, err error, msg string) *Error {
	t.Helper()
	var all []error
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		all = many.Unwrap()
	} else if err != nil {
		all = []error{err}
	}
	for _, e := range all {
		if e, ok := errors.AsType[*Error](e); ok && strings.Contains(e.Msg, msg) {
			return e
		}
	}
	t.Fatalf("no error contains %q:\n%v", msg, err)
	return nil
}

func TestLoadUnusableFile(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"missing", "", "there is no such file"},
		{"empty", "# nothing\n", "is empty"},
		{"a list", "- app\n", "is not a YAML mapping"},
		{"no modules", "app:\n  id: ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555\n", "the app has no modules"},
		{"no UI module", "app:\n  id: ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555\nmodules:\n  function:\n    - key: f\n", "the app has no Custom UI module"},
		{"only UI Kit", "app:\n  id: ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555\nmodules:\n  macro:\n    - key: f\n      render: native\n      resource: x\n", "the app has no Custom UI module"},
		{"too big", strings.Repeat("# big\n", 50_000), "is over 256 KiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := app(t)
			if c.text != "" {
				dir = app(t, "manifest.yml", c.text)
			}
			m, err := Load(dir)
			if err == nil || !strings.Contains(err.Error(), c.want) || m != nil {
				t.Errorf("got %v, %v; want %q", m, err, c.want)
			}
		})
	}
}

// TestMisplacedFiles checks the advice for files with another name, and for a file in the place of the folder.
func TestMisplacedFiles(t *testing.T) {
	dir := app(t, "manifest.yaml", tasks, "forgego.yaml", "frontends: {}\n")
	_, noManifest := Load(dir)
	_, noDev := LoadDev(dir)
	_, isFile := Load(filepath.Join(dir, "manifest.yaml"))
	for want, err := range map[string]error{
		"Rename manifest.yaml to manifest.yml.": noManifest,
		"Rename it to forgego.yml.":             noDev,
		"Pass the app's folder.":                isFile,
	} {
		if e, ok := errors.AsType[*Error](err); !ok || e.Fix != want {
			t.Errorf("got %v, want the advice %q", err, want)
		}
	}
}

func TestLoadReturnsAllErrorsInOrder(t *testing.T) {
	text := strings.NewReplacer("- unsafe-eval", "- wasm-unsafe-eval", "path: static", "path: nowhere", "endpoint: tasks\n", "endpoint: tsks\n").Replace(tasks)
	_, err := Load(app(t, "manifest.yml", text))
	many, ok := err.(interface{ Unwrap() []error })
	if !ok || len(many.Unwrap()) != 3 {
		t.Fatalf("want three errors, got:\n%v", err)
	}
	var lines []int
	for _, e := range many.Unwrap() {
		lines = append(lines, e.(*Error).Line)
	}
	if !reflect.DeepEqual(lines, []int{9, 30, 41}) {
		t.Errorf("the errors are on the lines %v, want 9, 30 and 41", lines)
	}
}

func TestErrorText(t *testing.T) {
	_, err := Load(app(t, "manifest.yml", strings.Replace(tasks, "      - unsafe-eval", "      - wasm-unsafe-eval", 1)))
	e, _ := errors.AsType[*Error](err)
	e.File = "manifest.yml"
	const want = `manifest.yml:41:9: Forge refuses wasm-unsafe-eval in permissions.content.scripts
  41 |       - wasm-unsafe-eval
     |         ^
  Write unsafe-eval: it is the only value of Forge that lets WebAssembly run.`
	if got := e.Error(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestErrorCaretPosition(t *testing.T) {
	e := &Error{File: "f", Line: 7, Column: 4, Source: "é\tü: x", Msg: "m"}
	if want := "f:7:4: m\n  7 | é\tü: x\n    |  \t ^"; e.Error() != want {
		t.Errorf("got %q, want %q", e.Error(), want)
	}
}

// Forge accepts these manifests, so Load must accept them too.
func TestLoadAccepts(t *testing.T) {
	t.Setenv("FORGEGO_TEST_APP", "11111111-2222-3333-4444-555555555555")
	for _, c := range []struct{ name, old, new string }{
		{"variable from the environment", "app/11111111-2222-3333-4444-555555555555", "app/${FORGEGO_TEST_APP}\nenvironment:\n  variables:\n    - FORGEGO_TEST_APP"},
		{"variable's default", "app/11111111-2222-3333-4444-555555555555", "app/${FORGEGO_UNSET}-2222-3333-4444-555555555555\nenvironment:\n  variables:\n    - key: FORGEGO_UNSET\n      default: 11111111"},
		{"base URL per region", "baseUrl: https://tasks.example.com", "baseUrl:\n      default: https://tasks.example.com\n      EU: https://eu.example.com"},
		{"base URL as a block", "baseUrl: https://tasks.example.com", "baseUrl: |\n      https://tasks.example.com"},
		{"remote that an admin configures", "baseUrl: https://tasks.example.com", "configurable:\n      name: Tasks"},
		{"endpoint of a container", "resources:\n", "    - key: containers\n      service: java\nservices:\n  - key: java\nresources:\n"},
		{"module types of others", "  function:\n", "  jira:jqlFunction:\n    - key: helper\n  jira:customField:\n    - key: field\n      view: {}\n  function:\n"},
		{"UI Kit beside Custom UI", "resources:\n", "  jira:issueContext:\n    - key: kit\n      render: native\n      resource: kit\nresources:\n  - key: kit\n    path: src/frontend/index.jsx\n"},
		{"anchors and aliases", "    path: static\n", "    path: &folder static\n  - &other\n    key: other\n    path: *folder\n"},
		{"hash", "- unsafe-eval", "- sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
		{"scopes as a mapping", "    - read:jira-work\n", "    - read:jira-work\n    - read:confluence-content.all\n"},
		{"any address", "api.example.com", "'*'"},
		{"an app's scheme", "api.example.com", "'figma:'"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if strings.Count(tasks, c.old) != 1 {
				t.Fatalf("%q occurs %d times in the manifest, want once", c.old, strings.Count(tasks, c.old))
			}
			m, err := Load(app(t, "manifest.yml", strings.Replace(tasks, c.old, c.new, 1)))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(m.AppID, "app/11111111-2222-3333-4444-555555555555") || len(m.Modules) != 2 || m.Resources[0].Key != "main" {
				t.Errorf("got %+v", m)
			}
		})
	}
}

func TestLoadWindowsLineEndings(t *testing.T) {
	_, err := Load(app(t, "manifest.yml", strings.ReplaceAll(strings.Replace(tasks, "path: static", "path: x", 1), "\n", "\r\n")))
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Line != 30 || strings.Contains(e.Source, "\r") {
		t.Errorf("got %v, want an error on line 30 without a carriage return", err)
	}
}

func TestLoadModuleEntry(t *testing.T) {
	text := strings.Replace(tasks, "resource: main\n      resolver:\n        endpoint", "resource: main/big\n      resolver:\n        endpoint", 1)
	text = strings.Replace(text, "    path: static\n", "    path: static\n    entry:\n      big: big.html\n", 1)
	if _, err := Load(app(t, "manifest.yml", text)); err == nil || !strings.Contains(err.Error(), "has no big.html") {
		t.Errorf("without the file: %v", err)
	}
	m, err := Load(app(t, "manifest.yml", text, "static/big.html", "<!doctype html>"))
	if err != nil {
		t.Fatal(err)
	}
	if mod, _ := m.Module("tasks-panel"); mod.Views[0] != (View{Resource: "main", Entry: "big.html"}) {
		t.Errorf("got %+v", mod)
	}
}

// A development server may serve what is not on disk.
func TestLoadTunnel(t *testing.T) {
	text := strings.Replace(tasks, "    path: static\n", "    path: built\n    entry: {big: big.html}\n    tunnel:\n      port: 5173\n", 1)
	text = strings.Replace(text, "resource: main\n      resolver:\n        endpoint", "resource: main/big\n      resolver:\n        endpoint", 1)
	for _, files := range [][]string{{"manifest.yml", text}, {"manifest.yml", text, "built/other.txt", ""}} {
		m, err := Load(app(t, files...))
		if err != nil {
			t.Fatal(err)
		}
		if r, _ := m.Resource("main"); r.TunnelPort != 5173 || r.Path != "built" {
			t.Errorf("got %+v", r)
		}
	}
}

func TestLoadGoFrontend(t *testing.T) {
	text := strings.Replace(tasks, "path: static", "path: built", 1)
	if _, err := Load(app(t, "manifest.yml", text)); err == nil {
		t.Error("Load accepted a missing folder without forgego.yml")
	}
	const goFrontend = "frontends:\n  main:\n    package: ./frontend\n"
	if _, err := Load(app(t, "manifest.yml", text, "forgego.yml", goFrontend)); err != nil {
		t.Errorf("the build creates the folder, but Load returned: %v", err)
	}
	if _, err := Load(app(t, "manifest.yml", text, "forgego.yml", goFrontend, "built/style.css", "")); err != nil {
		t.Errorf("the build creates index.html, but Load returned: %v", err)
	}
	if _, err := Load(app(t, "manifest.yml", text, "built/style.css", "")); err == nil || !strings.Contains(err.Error(), "has no index.html") {
		t.Errorf("without a Go front end: %v", err)
	}
}

// A hint lists only some of the keys, and the errors of a file do not grow with the square of its size.
func TestHintsAreShort(t *testing.T) {
	text := "resources:\n"
	for i := range 100 {
		text += fmt.Sprintf("  - {key: r%d, path: static}\n", i)
	}
	_, err := Load(app(t, "manifest.yml", text+"modules:\n  macro:\n    - {key: m, resource: x}\n"))
	if e := findFault(t, err, `names a resource "x" that does not exist`); !strings.HasSuffix(e.Fix, "r18, r19, ….") {
		t.Errorf("got:\n%v", e)
	}
}
