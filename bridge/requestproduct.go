package bridge

import "context"

// RequestProduct sends a request to the REST API of a product: "jira", "confluence" or "bitbucket". The product treats
// it as a request of the page's user. RequestProduct returns the answer, whatever its status. The name op appears in
// errors, which are those of [Client.RequestRemote]. Apps use the functions of package product instead.
//
// The header X-Atlassian-Token is "no-check" unless the request sets it. A file of a [FormData] must be named "file",
// because these APIs expect that name.
func (c *Client) RequestProduct(ctx context.Context, op, product string, request Request) (*Response, error) {
	call, err := fetchProductCall(product, &request)
	if err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	answer, err := c.call(ctx, op, "", call)
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
	return Call{Command: "fetchProduct", Payload: b, Fetch: true, Body: body.data}, nil
}
