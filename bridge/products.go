package bridge

import "context"

// RequestJira sends a request to Jira's REST API, such as "/rest/api/3/myself", as the current user. It returns the
// answer, whatever its status. List the scopes that the request needs under permissions.scopes in manifest.yml.
//
// Escape what you put into the path with url.PathEscape or url.QueryEscape. Bodies are as for [RequestRemote]; a file of
// a [FormData] must be named "file", as for attachments. The header X-Atlassian-Token is "no-check" unless the request
// sets it.
//
// The errors are [ErrInvalidRequest], [ErrNoBridge], [ErrRejected], [ErrInvalidResponse], and the reason why ctx ended.
//
// It is requestJira of @forge/bridge:
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/requestJira/
func RequestJira(ctx context.Context, request Request) (*Response, error) {
	return requestProduct(ctx, "requestJira", "jira", request)
}

// RequestConfluence is [RequestJira] for Confluence's REST API, such as "/wiki/api/v2/pages".
//
// It is requestConfluence of @forge/bridge:
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/requestConfluence/
func RequestConfluence(ctx context.Context, request Request) (*Response, error) {
	return requestProduct(ctx, "requestConfluence", "confluence", request)
}

// RequestBitbucket is [RequestJira] for Bitbucket's REST API, such as "/2.0/user".
//
// It is requestBitbucket of @forge/bridge:
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/requestBitbucket/
func RequestBitbucket(ctx context.Context, request Request) (*Response, error) {
	return requestProduct(ctx, "requestBitbucket", "bitbucket", request)
}

// requestProduct sends a request to the product with this name.
func requestProduct(ctx context.Context, op, product string, request Request) (*Response, error) {
	call, err := fetchProductCall(product, &request)
	if err == nil {
		err = canAnswer(ctx)
	}
	if err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	answer, err := FromContext(ctx).call(ctx, op, "", call)
	if err != nil {
		return nil, err
	}
	response, err := fetchResponse(answer)
	if err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	response.op, response.product = op, true
	return response, nil
}

// fetchProductCall returns the command that @forge/bridge makes of the same request.
func fetchProductCall(product string, r *Request) (Call, error) {
	if r.Path == "" || r.Path[0] != '/' {
		return Call{}, invalidRequest("Path", `must start with "/", as in "/rest/api/3/myself"`)
	}
	fields, err := remoteFields(product, r, nil)
	if err != nil {
		return Call{}, err
	}
	body, err := encodeText(r.Body, wayProduct)
	if err != nil {
		return Call{}, err
	}
	if !hasField(fields, "x-atlassian-token") {
		fields = append(fields, field{name: "x-atlassian-token", value: "no-check"})
		sortFields(fields)
	}
	b := make([]byte, 0, 256+len(r.Path))
	b = append(b, `{"product":`...)
	b = appendJSONString(b, product)
	b = append(b, `,"restPath":`...)
	b = appendJSONString(b, r.Path)
	b = appendInit(append(b, `,"fetchRequestInit":{`...), r, fields, body)
	return Call{Command: "fetchProduct", Payload: b, Fetch: true, Body: body.data, apart: true, encoded: body.encoded()}, nil
}
