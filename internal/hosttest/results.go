//go:build !tinygo

package hosttest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/forgego/forgego/bridge"
)

// Results returns the cases for a host that carries out every command of the bridge: what the commands answer, on the local
// host and on the host in memory. Besides what [Cases] needs, the host has these:
//
//   - It shows the module "contract-page" of the type jira:globalPage. The app has the resource "main" only.
//   - The scope read:jira-work and images from https://i.example are granted; egress is configurable, as is the remote "own",
//     to addresses below https://own.example. The user is an administrator. Nothing was approved.
//   - Jira answers GET /rest/api/3/myself with {"accountId":"me"}, and DELETE /rest/api/3/issue/{key} with 204. Nothing
//     answers for Confluence.
//   - The Teamwork Graph answers {"data":{"me":"x"}} to the query Mine, and nothing else. No users are recommended.
//   - The feature flag contract-on is on, and contract-off is off.
//   - The function contractFunction returns {"tasks":3}, and uploadURLs and downloadURLs are those of an object store.
func Results() []Case {
	var all []Case
	for _, part := range [][]exchanges{views, flags, routers, listeners, grantedCommands, data, products} {
		for _, e := range part {
			all = append(all, Case{e.name, e.check})
		}
	}
	return append(all, conversations...)
}

// exchanges are commands that a host gets one after another, with what it must answer.
type exchanges struct {
	name  string
	steps []exchange
}

type exchange struct {
	command, payload string
	// answer is the answer as JSON; "" means undefined. A text that begins with "…" is the end of a text.
	answer string
	// code is the code of a refusal, or "" if the host must answer. message is its text, unless that differs by host.
	code, message string
}

func (e exchanges) check(ctx context.Context, host bridge.Host) error {
	for _, step := range e.steps {
		if err := step.check(ctx, host); err != nil {
			return fmt.Errorf("%s %s: %w", step.command, step.payload, err)
		}
	}
	return nil
}

func (e exchange) check(ctx context.Context, host bridge.Host) error {
	call := bridge.Call{Command: e.command}
	if e.payload != "" {
		call.Payload = []byte(e.payload)
	}
	answer, err := host.Call(ctx, call)
	if e.code != "" {
		if err := refused(err); err != nil {
			return fmt.Errorf("%w (%s)", err, answer.Payload)
		}
		refusal, _ := errors.AsType[*bridge.HostError](err)
		if refusal.Code != e.code || e.message != "" && refusal.Message != e.message {
			return fmt.Errorf("the refusal is %s: %q, want %s: %q", refusal.Code, refusal.Message, e.code, e.message)
		}
		return nil
	}
	if err != nil {
		return err
	}
	return sameJSON(answer.Payload, e.answer)
}

// sameJSON returns an error that says how a value differs from the wanted one, or nil.
func sameJSON(got []byte, want string) error {
	var value, wanted any
	switch {
	case want == "" && got == nil:
		return nil
	case want == "" || got == nil:
	case json.Unmarshal(got, &value) != nil || json.Unmarshal([]byte(want), &wanted) != nil:
	default:
		if text, ok := value.(string); ok {
			if end, isEnd := strings.CutPrefix(fmt.Sprint(wanted), "…"); isEnd && strings.HasSuffix(text, end) {
				return nil
			}
		}
		if reflect.DeepEqual(value, wanted) {
			return nil
		}
	}
	return fmt.Errorf("the answer is %q, want %q", got, want)
}

const invalid = "INVALID_REQUEST"

var views = []exchanges{
	{"a view is submitted, refreshed and opened", []exchange{
		{command: "submit", payload: `{"a":1}`, answer: "true"},
		{command: "submit", answer: "true"},
		{command: "refresh", answer: "true"},
		{command: "refresh", payload: `{"a":1}`, answer: "true"},
		{command: "open", answer: "true"},
		{command: "emitReadyEvent"},
	}},
	{"a window has a title and a theme", []exchange{
		{command: "changeWindowTitle", payload: `"Contract"`},
		{command: "changeWindowTitle", payload: `7`, code: invalid, message: "The title of a window must be a string."},
		{command: "changeWindowTitle", code: invalid, message: "The title of a window must be a string."},
		{command: "enableTheming"},
	}},
	{"a page that is in no Frame gets no dispatch", []exchange{{command: "getFrameDispatch"}}},
	{"onClose needs a function", []exchange{{command: "onClose", code: invalid, message: "view.onClose needs a function."}}},
	{"a modal has a known size and a known resource", []exchange{
		{command: "openModal", payload: `{"size":"huge"}`, code: invalid,
			message: `A modal has no size "huge". It has small, medium, large, xlarge, max, fullscreen, resizable, or {width, height} in lengths of CSS.`},
		{command: "openModal", payload: `{"size":{"width":"wide"}}`, code: invalid},
		{command: "openModal", payload: `{"size":{"width":"10"}}`, code: invalid},
		{command: "openModal", payload: `{"size":{"height":"10px"}}`, code: invalid},
		{command: "openModal", payload: `{"size":{"width":"10px","height":"high"}}`, code: invalid},
		{command: "openModal", payload: `{"size":{"width":"10px","height":7}}`, code: invalid},
		{command: "openModal", payload: `{"size":7}`, code: invalid},
		{command: "openModal", payload: `{"resource":"none"}`, code: "UNKNOWN_RESOURCE",
			message: `manifest.yml has no resource "none" for a modal. It has main.`},
		{command: "openModal", payload: `{"resource":"main/a/b"}`, code: "UNKNOWN_RESOURCE"},
		{command: "openModal", payload: `{"resource":"main/"}`, code: "UNKNOWN_RESOURCE"},
		{command: "openModal", payload: `{"resource":7,"size":{"width":"1.5em","height":"50vh"}}`, code: "UNKNOWN_RESOURCE"},
	}},
}

var flags = []exchanges{
	{"a flag is shown until it is closed", []exchange{
		{command: "closeFlag", payload: `{"id":"contract-a"}`, answer: "false"},
		{command: "showFlag", payload: `{"id":"contract-a","title":"A","type":"success","actions":[{"text":"Undo"},7]}`, answer: "true"},
		{command: "showFlag", payload: `{"id":"contract-a","title":7,"appearance":"none","actions":"no"}`, answer: "true"},
		{command: "showFlag", payload: `{"id":12}`, answer: "true"},
		{command: "closeFlag", payload: `{"id":"12"}`, answer: "true"},
		{command: "closeFlag", payload: `{"id":"contract-a"}`, answer: "true"},
		{command: "closeFlag", payload: `{"id":"contract-a"}`, answer: "false"},
	}},
	{"a flag has an id", []exchange{
		{command: "showFlag", payload: `{"title":"A"}`, code: invalid, message: "A flag needs an id: a string or a number."},
		{command: "showFlag", payload: `{"id":null}`, code: invalid},
		{command: "showFlag", payload: `{"id":[1]}`, code: invalid},
		{command: "showFlag", payload: `"contract-a"`, code: invalid},
		{command: "showFlag", code: invalid},
		{command: "closeFlag", payload: `{}`, code: invalid},
	}},
}

var routers = []exchanges{
	{"targets have addresses", []exchange{
		{command: "getUrl", payload: `{"target":"contentView","contentId":"7"}`, answer: `"…/wiki/pages/viewpage.action?pageId=7"`},
		{command: "getUrl", payload: `{"target":"contentView","contentId":7,"version":"2"}`, answer: `"…/wiki/pages/viewpage.action?pageId=7&pageVersion=2"`},
		{command: "getUrl", payload: `{"target":"contentEdit","contentId":"7"}`, answer: `"…/wiki/spaces/DEMO/pages/edit-v2/7"`},
		{command: "getUrl", payload: `{"target":"spaceView","spaceKey":"~ü/?#&"}`, answer: `"…/wiki/spaces/~%C3%BC%2F%3F%23%26"`},
		{command: "getUrl", payload: `{"target":"contentList","contentType":"page","spaceKey":"S"}`, answer: `"…/wiki/spaces/S/pages"`},
		{command: "getUrl", payload: `{"target":"dashboard","dashboardId":"1"}`, answer: `"…/jira/dashboards/1"`},
		{command: "getUrl", payload: `{"target":"issue","issueKey":"FT-3"}`, answer: `"…/browse/FT-3"`},
		{command: "getUrl", payload: `{"target":"projectSettingsDetails","projectKey":"FT"}`, answer: `"…/jira/software/projects/FT/settings/details"`},
		{command: "getUrl", payload: `{"target":"userProfile","accountId":"712020:a"}`, answer: `"…/people/712020%3Aa"`},
		{command: "getUrl", payload: `{"target":"module","moduleKey":"contract-page"}`, answer: `"…/?module=contract-page"`},
		{command: "getUrl", payload: `{"target":"module","moduleKey":"contract-page","path":"a b?c=\"d\""}`, answer: `"…/?module=contract-page#/a%20b?c=%22d%22"`},
	}},
	{"a target needs its members", []exchange{
		{command: "getUrl", payload: `{"target":"issue"}`, code: invalid, message: `The target "issue" needs an issueKey.`},
		{command: "getUrl", payload: `{"target":"issue","issueKey":""}`, code: invalid, message: `The target "issue" needs an issueKey.`},
		{command: "getUrl", payload: `{"target":"spaceView","spaceKey":true}`, code: invalid, message: `The target "spaceView" needs a spaceKey.`},
		{command: "getUrl", payload: `{"target":"contentList","contentType":"blogpost","spaceKey":"S"}`, code: "UNKNOWN_ADDRESS"},
		{command: "getUrl", payload: `{"target":"nowhere"}`, code: "UNKNOWN_TARGET",
			message: `The router has no target "nowhere". It has contentView, contentEdit, spaceView, contentList, dashboard, issue, projectSettingsDetails, userProfile, module.`},
		{command: "getUrl", payload: `{}`, code: "UNKNOWN_TARGET"},
		{command: "getUrl", code: "UNKNOWN_TARGET"},
	}},
	{"the router goes to targets and pages of the site", []exchange{
		{command: "navigate", payload: `{"target":"issue","issueKey":"FT-3","type":"same-tab"}`},
		{command: "navigate", payload: `{"target":"issue","issueKey":"FT-3","type":"new-tab"}`},
		{command: "navigate", payload: `{"url":"/browse/FT-3","type":"same-tab"}`},
		{command: "navigate", payload: `{"target":"issue"}`, code: invalid, message: `The target "issue" needs an issueKey.`},
	}},
	{"the router goes to no other addresses", []exchange{
		{command: "navigate", payload: `{"url":""}`, code: invalid, message: `The router does not go to "".`},
		{command: "navigate", payload: `{"url":"javascript:alert(1)"}`, code: invalid, message: `The router does not go to "javascript:alert(1)".`},
		{command: "navigate", payload: `{"url":"data:text/html,x"}`, code: invalid},
		{command: "navigate", payload: `{"url":"https://"}`, code: invalid},
		{command: "navigate", payload: `{"url":7}`, code: invalid},
		{command: "navigate", code: invalid},
	}},
}

var listeners = []exchanges{
	{"an event has a name, and its listener a function", []exchange{
		{command: "emit", payload: `{"event":"contract-nobody","payload":1}`},
		{command: "emitPublic", payload: `{"event":"contract-nobody"}`},
		{command: "emit", payload: `{}`, code: invalid, message: "An event needs a name."},
		{command: "emit", payload: `{"event":7}`, code: invalid},
		{command: "emitPublic", code: invalid},
		{command: "on", payload: `{}`, code: invalid, message: "An event needs a name."},
		{command: "on", payload: `{"event":"contract"}`, code: invalid, message: `A listener for an event needs a function "callback".`},
		{command: "onPublic", payload: `{"event":"contract","callback":7}`, code: invalid},
	}},
	{"a metric has a name and a number", []exchange{
		{command: "emitFrontendCustomMetric", payload: `{"customMetricName":"clicks","value":1.5}`},
		{command: "emitFrontendCustomMetric", payload: `{"customMetricName":"clicks"}`, code: invalid, message: "A metric needs a name and a number."},
		{command: "emitFrontendCustomMetric", payload: `{"value":1}`, code: invalid},
		{command: "emitFrontendCustomMetric", payload: `{"customMetricName":"clicks","value":"1"}`, code: invalid},
	}},
	{"an event of realtime without subscribers has no id", []exchange{
		{command: "publishRealtimeChannel", payload: `{"channelName":"contract-nobody","eventPayload":{"a":1}}`, answer: `{"eventId":null,"eventTimestamp":null}`},
		{command: "publishRealtimeChannel", payload: `{"eventPayload":1}`, code: invalid, message: "A realtime channel needs a name."},
		{command: "publishRealtimeChannel", payload: `{"channelName":""}`, code: invalid},
		{command: "subscribeRealtimeChannel", payload: `{}`, code: invalid, message: "A realtime channel needs a name."},
		{command: "subscribeRealtimeChannel", payload: `{"channelName":"contract"}`, code: invalid, message: `A realtime subscription needs a function "onEvent".`},
	}},
}

const refusedPermission = "PERMISSION_REFUSED"

var grantedCommands = []exchanges{
	{"egress and remotes are listed", []exchange{
		{command: "__permission__egressGet", payload: `{}`, answer: `{"results":[]}`},
		{command: "__permission__egressGet", payload: `{"keys":["a"],"pageSize":1}`, answer: `{"results":[]}`},
		{command: "__permission__egressGet", payload: `{"nextPageToken":"x"}`, code: refusedPermission, message: `"x" is not a page token of this host`},
		{command: "__permission__egressGet", payload: `{"pageSize":-1}`, code: refusedPermission, message: "the pageSize must not be negative"},
		{command: "__permission__egressGet", payload: `{"keys":7}`, code: refusedPermission, message: "the payload does not have the form that this command expects"},
		{command: "__permission__remoteGet", payload: `{}`, answer: `{"results":[{"key":"own","configured":{"endpoint":null}}]}`},
	}},
	{"egress and remotes are checked before the administrator is asked", []exchange{
		{command: "__permission__egressSet", payload: `{"egresses":[]}`, answer: `{"results":[]}`},
		{command: "__permission__egressSet", payload: `{"egresses":[{"key":"a","description":"","configured":[]}]}`, code: refusedPermission, message: "an egress group needs a key and a description"},
		{command: "__permission__egressSet", payload: `{"egresses":[{"key":"a","description":"A","configured":[{"domain":"a b","type":["IMAGES"]}]}]}`, code: refusedPermission, message: `"a b" is not an address; write one such as https://example.com or *.example.com`},
		{command: "__permission__egressSet", payload: `{"egresses":[{"key":"a","description":"A","configured":[{"domain":"https://a.example","type":["SOUNDS"]}]}]}`, code: refusedPermission, message: `unknown type of egress "SOUNDS"`},
		{command: "__permission__egressDeleteDomain", payload: `{"key":"a"}`, code: refusedPermission},
		{command: "__permission__egressDeleteGroup", payload: `{}`, code: refusedPermission, message: "to delete an egress group, name its key"},
		{command: "__permission__remoteSet", payload: `{"remotes":[{"key":"none","configured":{"endpoint":"https://own.example"}}]}`, code: refusedPermission, message: `manifest.yml has no remote "none"`},
		{command: "__permission__remoteSet", payload: `{"remotes":[{"key":"contract","configured":{"endpoint":"https://own.example"}}]}`, code: refusedPermission, message: `the remote "contract" is not configurable in manifest.yml`},
		{command: "__permission__remoteSet", payload: `{"remotes":[{"key":"own","configured":{"endpoint":"https://other.example"}}]}`, code: refusedPermission},
	}},
	{"the site has Rovo and the user's consent", []exchange{
		{command: "getCookieConsentPreferences", answer: `{"strictlyNecessary":true,"functional":true,"analytics":false,"marketing":false}`},
		{command: "isRovoEnabled", answer: "true"},
		{command: "openRovo", payload: `{"agentName":"A","agentKey":"a","prompt":"Plan"}`, answer: "true"},
		{command: "openRovo", answer: "true"},
	}},
}

var data = []exchanges{
	{"feature flags are known by their hashes", []exchange{
		{command: "initFeatureFlags", payload: `{"config":{"environment":"DEVELOPMENT"}}`, answer: `{"feature_flags":{"2333681837":{"value":true},"3997056427":{"value":false}}}`},
	}},
	{"the Teamwork Graph answers the queries that were prepared", []exchange{
		{command: "requestTeamworkGraph", payload: `{"query":"query Mine { me }"}`, answer: `{"data":{"me":"x"}}`},
		{command: "requestTeamworkGraph", payload: `{}`, code: invalid, message: "requestTeamworkGraph needs a query."},
		{command: "requestTeamworkGraph", payload: `{"query":"query Other { me }"}`, code: "NO_FIXTURE"},
		{command: "fetchUserRecommendations", payload: `{"query":"a"}`, code: "NO_FIXTURE"},
	}},
	{"a product answers the requests that were prepared", []exchange{
		{command: "fetchProduct", payload: `{"product":"jira","restPath":"/rest/api/3/issue/FT-3","fetchRequestInit":{"method":"DELETE"}}`,
			answer: `{"status":204,"statusText":"No Content","headers":{},"isAttachment":false,"body":""}`},
		{command: "fetchProduct", payload: `{"product":"confluence","restPath":"/wiki/api/v2/pages","fetchRequestInit":{}}`, code: "NO_FIXTURE"},
		{command: "fetchProduct", payload: `{"product":"jira"}`, code: invalid, message: "fetchProduct needs a product and the path of its REST API."},
		{command: "fetchProduct", payload: `{"restPath":"/a"}`, code: invalid},
	}},
	{"functions are called", []exchange{
		{command: "invoke", payload: `{"functionKey":"contractFunction"}`, answer: `{"tasks":3}`},
		{command: "invoke", payload: `{"functionKey":"contractFunction","payload":{},"metadata":{}}`, answer: `{"body":{"tasks":3},"metadata":{}}`},
		{command: "invoke", payload: `{"functionKey":"contractNone"}`, code: "FUNCTIONS_UNAVAILABLE"},
		{command: "invoke", payload: `{"invokeType":"other"}`, code: "UNSUPPORTED_INVOKE"},
	}},
	{"the object store checks what it gets", []exchange{
		{command: "trackObjectStoreAction", payload: `{"action":"upload"}`},
		{command: "invoke", payload: `{"functionKey":"downloadURLs","payload":{"keys":["none"]}}`, answer: `{}`},
		{command: "invoke", payload: `{"functionKey":"uploadURLs","payload":{"allObjectMetadata":[]}}`, answer: `{}`},
		{command: "invoke", payload: `{"functionKey":"uploadURLs","payload":{"keys":7}}`, code: invalid,
			message: "The payload is not what the methods of objectStore send to the local object store."},
	}},
}
