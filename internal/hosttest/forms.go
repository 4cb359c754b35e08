package hosttest

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge"
)

// forms tests how a form is rebuilt from its JSON.
var forms = []Case{
	{"a form reaches the remote as a browser sends it", func(ctx context.Context, host bridge.Host) error {
		for name, c := range map[string]struct {
			json string
			want []part
		}{
			"nothing": {`{}`, nil},
			"texts, in their order": {`{"z":"1","a":"Grüße","empty":""}`, []part{
				{`form-data; name="z"`, "", `"1"`}, {`form-data; name="a"`, "", `"Grüße"`}, {`form-data; name="empty"`, "", `""`},
			}},
			"a file": {`{"title":"x","file":"data:image/png;base64,AP/+YQ==","__fileName":"a.png","__fileType":"image/png"}`, []part{
				{`form-data; name="title"`, "", `"x"`},
				{`form-data; name="file"; filename="a.png"`, "image/png", `"\x00\xff\xfea"`},
			}},
			"several files": {`{"file1":"data:;base64,YQ==","__file1Name":"a","__file1Type":"","fileB":"data:text/csv;base64,Yg","__fileBName":"b","__fileBType":"Text/CSV; a=b,c"}`, []part{
				{`form-data; name="file1"; filename="a"`, "application/octet-stream", `"a"`},
				{`form-data; name="fileB"; filename="b"`, "text/csv; a=b,c", `"b"`},
			}},
			"a text named file": {`{"file":"data:image/png;base64,YQ=="}`, []part{{`form-data; name="file"`, "", `"data:image/png;base64,YQ=="`}}},
			"a file in another field": {`{"picture":{},"n":7,"l":[1,null,"a"],"t":true,"z":null}`, []part{
				{`form-data; name="picture"`, "", `"[object Object]"`}, {`form-data; name="n"`, "", `"7"`}, {`form-data; name="l"`, "", `"1,,a"`},
				{`form-data; name="t"`, "", `"true"`}, {`form-data; name="z"`, "", `"null"`},
			}},
			"names and line breaks": {`{"a \"b\"\nc":"1\n2\r3\r\n4","file":"data:,","__fileName":"a \"b\"\n.txt","__fileType":"\u0001"}`, []part{
				{`form-data; name="a %22b%22%0D%0Ac"`, "", `"1\r\n2\r\n3\r\n4"`},
				{`form-data; name="file"; filename="a %22b%22%0A.txt"`, "application/octet-stream", `""`},
			}},
		} {
			call := fetchOf(map[string]any{"path": "/see/", "method": "POST", "headers": map[string]string{"content-type": "text/plain;charset=UTF-8"}, "body": nil}, true)
			call.Body = []byte(c.json)
			s, err := sees(ctx, host, call)
			if err == nil {
				err = same(s, seen{Method: "POST", URI: "/see/", Type: "multipart/form-data", Authorization: "a token", Parts: c.want})
			}
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}},
	{"an invalid form is refused", func(ctx context.Context, host bridge.Host) error {
		for body, want := range map[string]string{
			"a=1":            "SyntaxError",
			"":               "SyntaxError",
			`{"a":"1"} more`: "SyntaxError",
			`{"file":"data:;base64,*","__fileName":"a","__fileType":""}`: "InvalidCharacterError",
		} {
			call := fetchOf(map[string]any{"path": "/see/", "method": "POST", "body": nil}, true)
			call.Body = []byte(body)
			_, err := host.Call(ctx, call)
			if err := refusedWith(err, want, "", ""); err != nil {
				return fmt.Errorf("%q: %w", body, err)
			}
		}
		return nil
	}},
}
