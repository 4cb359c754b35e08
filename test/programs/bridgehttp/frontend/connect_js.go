package main

import (
	"context"
	"net/http"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/structpb"
)

// connectUnary makes unary calls, in JSON and in the binary encoding of protobuf, in which the number is not valid UTF-8.
func connectUnary(ctx context.Context, httpClient *http.Client) []string {
	var s steps
	encodings := []struct {
		name    string
		options []connect.ClientOption
	}{{"JSON", []connect.ClientOption{connect.WithProtoJSON()}}, {"binary", nil}}
	for _, encoding := range encodings {
		client := connect.NewClient[structpb.Struct, structpb.Struct](httpClient, base+"/tasks.v1.TaskService/Greet", encoding.options...)
		for _, name := range []string{"Grüße", ""} {
			message, err := structpb.NewStruct(map[string]any{"name": name, "number": -1.5})
			if err != nil {
				s.say("%v", err)
				return s
			}
			resp, err := client.CallUnary(ctx, connect.NewRequest(message))
			if err != nil {
				s.say("%s: %v", encoding.name, connect.CodeOf(err))
				continue
			}
			s.say("%s: %s", encoding.name, resp.Msg.Fields["greeting"].GetStringValue())
		}
	}
	return s
}
