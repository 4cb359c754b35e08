package manifest

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/forgego/forgego/internal/appfile"
	"github.com/forgego/forgego/internal/weburl"
)

// DevProduct says what answers requests to a product's REST API.
type DevProduct struct {
	// Fixtures are tried first.
	Fixtures []DevFixture
	// URL is where other requests are forwarded: https, or http on a loopback address. If it is empty, they are not.
	URL string
	// Authorization is the name of the environment variable with the Authorization header for URL. If it is empty, no
	// such header is sent.
	Authorization string
}

// AuthorizationHeader returns the Authorization header of the product with this key, or "" if it has none. It returns an error
// if the environment variable is not set.
func (p DevProduct) AuthorizationHeader(product string) (string, error) {
	if p.Authorization == "" {
		return "", nil
	}
	value := os.Getenv(p.Authorization)
	if value == "" {
		return "", fmt.Errorf("forgego.yml takes the authorization for %s from the environment variable %s, which is not set; set it to the whole value of the header, such as \"Basic …\", and start forgego again",
			product, p.Authorization)
	}
	return value, nil
}

// DevFixture is a fixed answer to matching requests.
type DevFixture struct {
	// Request is a pattern in the form of http.ServeMux: "GET /rest/api/3/issue/{key}".
	Request string
	// File is the answer's body, relative to the app's folder and inside it. If it is empty, there is no body.
	File string
	// Status is the answer's status, from 200 to 599.
	Status int
	// Header has the answer's header fields, in addition to the Content-Type that follows from File's name.
	Header map[string]string
}

// DevFunction says what answers the calls of a function. Exactly one field is set.
type DevFunction struct {
	// File has the result as JSON, relative to the app's folder and inside it.
	File string
	// URL gets {functionKey, payload, context} by POST and returns the result: https, or http on a loopback address.
	URL string
	// Command gets the same as its standard input and writes the result to its standard output. It runs in the app's
	// folder.
	Command []string
	// ObjectStore is the function's role for the local object store: "upload", "download", "metadata" or "delete".
	ObjectStore string
	// Run is set if the app's own handler answers: "run" instead of the other members.
	Run bool
}

var (
	productNames     = []string{"jira", "confluence", "bitbucket"}
	objectStoreRoles = []string{"upload", "download", "metadata", "delete"}
	environmentName  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	headerName       = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
)

// readData reads what replaces the product's data and the app's functions.
func (s *source) readData(d *Dev) {
	d.Products, d.Functions = map[string]DevProduct{}, map[string]DevFunction{}
	d.TeamworkGraph, d.FeatureFlags = map[string]string{}, map[string]bool{}
	for _, e := range s.root.get("products").entries() {
		if !slices.Contains(productNames, e.key) {
			s.fault(e.value, "Allowed here: "+strings.Join(productNames, ", ")+".", "unknown product %q", e.key)
		}
		d.Products[e.key] = s.readProduct(e)
	}
	if at := s.root.get("functions"); at.kind() == scalar {
		d.Functions["*"] = s.readFunction(entry{"*", at})
	}
	for _, e := range s.root.get("functions").entries() {
		d.Functions[e.key] = s.readFunction(e)
	}
	d.Storage = s.readStorage(s.root.get("storage"))
	for _, e := range s.root.get("teamworkGraph").entries() {
		if e.value.kind() == missing {
			s.fault(e.value, "Name the file with the answer, such as "+fixtureExample+".", "the query %q has no file", e.key)
		}
		d.TeamworkGraph[e.key] = e.value.text()
	}
	d.UserRecommendations = s.root.get("userRecommendations").text()
	if at := s.root.get("realtime"); at.kind() != missing {
		switch value := at.scalarText(); value {
		case "on", "off":
			d.NoRealtime = value == "off"
		default:
			s.fault(at, "Write on or off; on is the default.", "realtime is neither on nor off")
		}
	}
	for _, e := range s.root.get("featureFlags").entries() {
		switch value := e.value.scalarText(); value {
		case "true", "false":
			d.FeatureFlags[e.key] = value == "true"
		default:
			s.fault(e.value, "Write true or false.", "the feature flag %q is neither true nor false", e.key)
		}
	}
}

// maxFixtures is how many fixtures a product may have. Each is compared with the others.
const maxFixtures = 1000

func (s *source) readProduct(e entry) DevProduct {
	s.known(e.value, "url", "authorization", "fixtures")
	urlAt, authorizationAt, fixturesAt := e.value.get("url"), e.value.get("authorization"), e.value.get("fixtures")
	p := DevProduct{URL: urlAt.text(), Authorization: authorizationAt.text()}
	if urlAt.kind() != missing && !isForwardURL(p.URL) {
		s.fault(urlAt, "Use https, such as https://your-site.atlassian.net, or http and a loopback address.", "requests cannot be forwarded to the url of %s", e.key)
	}
	if authorizationAt.kind() != missing && !environmentName.MatchString(p.Authorization) {
		s.fault(authorizationAt, "Set a variable to the whole value, such as \"Basic …\", and write the variable's name here, such as JIRA_AUTHORIZATION. Do not write the value itself into a file.",
			"the authorization of %s is not the name of an environment variable", e.key)
	}
	if k := fixturesAt.kind(); k == scalar || k == mapping {
		s.fault(fixturesAt, `Write a list: "- request: GET /…" and below it "file: …".`, "the fixtures of %s must be a list", e.key)
	}
	mux := http.NewServeMux()
	for i, item := range fixturesAt.items() {
		if i == maxFixtures {
			s.fault(item, "Use one fixture for several requests, such as GET /rest/api/3/issue/{key}.", "%s has more than %d fixtures", e.key, maxFixtures)
			break
		}
		p.Fixtures = append(p.Fixtures, s.readFixture(item, mux))
	}
	return p
}

func (s *source) readFixture(n node, mux *http.ServeMux) DevFixture {
	s.known(n, "request", "file", "status", "headers")
	f := DevFixture{Request: n.get("request").text(), File: n.get("file").text(), Status: http.StatusOK}
	if problem := registerPattern(mux, f.Request); problem != "" && n.kind() == mapping {
		s.fault(n.get("request"), "Write the method and the path without its query, such as GET /rest/api/3/issue/{key}. {key} matches any segment, {rest...} the rest of the path.",
			"the fixture's request %q %s", f.Request, problem)
	}
	if at := n.get("status"); at.kind() != missing {
		status, err := strconv.Atoi(at.scalarText())
		if err != nil || status < 200 || status > 599 {
			s.fault(at, "Write a number from 200 to 599.", "the fixture's status is not a final HTTP status")
		}
		f.Status = status
	}
	headers := n.get("headers")
	if k := headers.kind(); k == scalar || k == sequence {
		s.fault(headers, "Write one line for each below it, such as X-Total: 5.", "the fixture's headers must be a mapping")
	}
	for _, e := range headers.entries() {
		if value := e.value.scalarText(); e.value.kind() != scalar || !headerName.MatchString(e.key) || strings.ContainsAny(value, "\r\n\x00") {
			s.fault(e.value, "Write one line for each, such as X-Total: 5.", "the fixture's header %q is not valid in HTTP", e.key)
		} else {
			if f.Header == nil {
				f.Header = map[string]string{}
			}
			f.Header[e.key] = value
		}
	}
	return f
}

// registerPattern says why a pattern is not valid or conflicts with another one. It returns "" if the pattern is
// fine.
func registerPattern(mux *http.ServeMux, pattern string) (problem string) {
	_, path, found := strings.Cut(pattern, " ")
	if !found {
		path = pattern
	}
	if !strings.HasPrefix(strings.TrimLeft(path, " \t"), "/") {
		return "has no path that starts with a slash"
	}
	defer func() {
		if recover() != nil { // a ServeMux panics if it refuses a pattern
			problem = "is not a pattern, or another pattern matches the same requests"
		}
	}()
	mux.Handle(pattern, http.NotFoundHandler())
	return ""
}

// functionAnswers are the keys of a function in forgego.yml. Each says what answers its calls.
var functionAnswers = []string{"file", "url", "command", "objectStore"}

func (s *source) readFunction(e entry) DevFunction {
	if e.value.kind() == scalar {
		if e.value.text() != "run" {
			s.fault(e.value, "Write run, which calls the app's handlers, or below it, indented, one of "+strings.Join(functionAnswers, ", ")+".",
				"functions cannot be answered by %q", e.value.scalarText())
		}
		return DevFunction{Run: true}
	}
	s.known(e.value, functionAnswers...)
	urlAt, storeAt := e.value.get("url"), e.value.get("objectStore")
	f := DevFunction{File: e.value.get("file").text(), URL: urlAt.text(), ObjectStore: storeAt.text()}
	f.Command = s.readCommand(e.value.get("command"), "function", e.key, "[node, functions.mjs]")
	if urlAt.kind() != missing && !isForwardURL(f.URL) {
		s.fault(urlAt, "Use https, or http and a loopback address, such as http://127.0.0.1:9000/functions.", "calls cannot be forwarded to the url of function %q", e.key)
	}
	if storeAt.kind() != missing && !slices.Contains(objectStoreRoles, f.ObjectStore) {
		s.fault(storeAt, "Use one of "+strings.Join(objectStoreRoles, ", ")+".", "the local object store has no role %s", storeAt.quoted())
	}
	answers := 0
	for _, name := range functionAnswers {
		if e.value.get(name).kind() != missing {
			answers++
		}
	}
	// If there is none, an unknown key may be a misspelled one, which is reported separately.
	if e.value.kind() == mapping && (answers > 1 || e.value.isEmpty()) {
		s.fault(e.value, "Write one of "+strings.Join(functionAnswers, ", ")+".", "function %q needs exactly one of %s", e.key, strings.Join(functionAnswers, ", "))
	}
	return f
}

// isForwardURL reports whether requests, which may carry credentials, may be forwarded to a URL.
func isForwardURL(text string) bool {
	u, err := weburl.ParseBase(text)
	return err == nil && u.Scheme == "https" || isLocalURL(text)
}

// checkDataFiles checks that the files with the answers exist.
func (s *source) checkDataFiles(dir string) {
	for _, product := range s.root.get("products").entries() {
		for _, fixture := range product.value.get("fixtures").items() {
			s.checkDataFile(dir, fixture.get("file"), fixtureExample)
		}
	}
	for _, function := range s.root.get("functions").entries() {
		s.checkDataFile(dir, function.value.get("file"), fixtureExample)
	}
	for _, query := range s.root.get("teamworkGraph").entries() {
		s.checkDataFile(dir, query.value, fixtureExample)
	}
	s.checkDataFile(dir, s.root.get("userRecommendations"), fixtureExample)
}

const fixtureExample = "fixtures/answer.json"

// checkDataFile checks a file, if one is named. The example is for the faults.
func (s *source) checkDataFile(dir string, at node, example string) {
	if at.kind() == missing {
		return
	}
	name := filepath.FromSlash(at.text())
	if !filepath.IsLocal(name) {
		s.fault(at, "Use a file inside the app's folder, such as "+example+".", "%s is not a file inside the app's folder", at.quoted())
		return
	}
	switch err := appfile.Check(dir, name); {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist):
		s.fault(at, "Create it, or correct the path; it is relative to the app's folder.", "there is no file %q", at.text())
	case errors.Is(err, appfile.ErrNotRegular):
		s.fault(at, "Use a regular file inside the app's folder.", "%v", err)
	default:
		s.fault(at, "Use a file inside the app's folder; a symbolic link must not lead out of it.", "the file %q cannot be opened: %v", at.text(), cause(err))
	}
}
