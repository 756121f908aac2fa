package cases

import (
	"context"
	"errors"
	"io"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"

	"heddle.test/interop/gen/bidirectional"
	"heddle.test/interop/gen/greeter"
	"heddle.test/interop/gen/product"
	"heddle.test/interop/gen/unary"
	"heddle.test/interop/gen/upload"
)

type greeterInput struct {
	Name string `json:"name"`
}

type greeterResult struct {
	Message string `json:"message"`
}

func greet(conn *grpc.ClientConn, input greeterInput) (greeterResult, error) {
	client := greeter.NewGreeterClient(conn)
	reply, err := client.SayHello(context.Background(), &greeter.HelloRequest{Name: input.Name})
	return greeterResult{reply.GetMessage()}, err
}

type unaryInput struct {
	Message string `json:"message"`
}

type unaryResult struct {
	Message  string `json:"message"`
	Received bool   `json:"received"`
}

func unaryAnswer(conn *grpc.ClientConn, input unaryInput) (unaryResult, error) {
	client := unary.NewUnaryClient(conn)
	reply, err := client.GetServerResponse(context.Background(), &unary.Message{Message: input.Message})
	return unaryResult{reply.GetMessage(), reply.GetReceived()}, err
}

type conversationInput struct {
	Messages []string `json:"messages"`
}

type conversationResult struct {
	Answers []string `json:"answers"`
}

// conversation sends a message only when the one before it was answered.
func conversation(conn *grpc.ClientConn, input conversationInput) (conversationResult, error) {
	result := conversationResult{Answers: []string{}}
	stream, err := bidirectional.NewBidirectionalClient(conn).GetServerResponse(context.Background())
	if err != nil {
		return result, err
	}
	for _, text := range input.Messages {
		if err := stream.Send(&bidirectional.Message{Message: text}); err != nil {
			return result, err
		}
		answer, err := stream.Recv()
		if err != nil {
			return result, err
		}
		result.Answers = append(result.Answers, answer.GetMessage())
	}
	if err := stream.CloseSend(); err != nil {
		return result, err
	}
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
		return result, errors.New("the conversation did not end with OK after the last answer")
	}
	return result, nil
}

type productInput struct {
	ID string `json:"id"`
}

type productJSON struct {
	ID          string  `json:"id"`
	Name        string  `json:"name"`
	Description string  `json:"description"`
	Price       float64 `json:"price"`
	Category    string  `json:"category"`
}

type violationJSON struct {
	Field       string `json:"field"`
	Description string `json:"description"`
}

type productResult struct {
	Code       int             `json:"code"`
	Message    string          `json:"message"`
	Product    *productJSON    `json:"product"`
	Violations []violationJSON `json:"violations"`
}

func productByID(conn *grpc.ClientConn, input productInput) (productResult, error) {
	client := product.NewProductServiceClient(conn)
	found, err := client.GetProduct(context.Background(), &product.GetProductRequest{ProductId: input.ID})
	result := productResult{Code: codeOf(err), Message: messageOf(err), Violations: []violationJSON{}}
	if err == nil {
		plain := productToJSON(found)
		result.Product = &plain
	}
	for _, detail := range status.Convert(err).Details() {
		badRequest, ok := detail.(*errdetails.BadRequest)
		if !ok {
			return result, errors.New("a detail of the error is not a google.rpc.BadRequest")
		}
		for _, violation := range badRequest.GetFieldViolations() {
			result.Violations = append(result.Violations, violationJSON{violation.GetField(), violation.GetDescription()})
		}
	}
	return result, nil
}

func productToJSON(found *product.Product) productJSON {
	return productJSON{
		found.GetId(), found.GetName(), found.GetDescription(), float64(found.GetPrice()), found.GetCategory(),
	}
}

type categoryInput struct {
	Category string `json:"category"`
}

type categoryResult struct {
	Products []productJSON `json:"products"`
}

func productsOfCategory(conn *grpc.ClientConn, input categoryInput) (categoryResult, error) {
	result := categoryResult{Products: []productJSON{}}
	request := &product.ListProductsByCategoryRequest{Category: input.Category}
	stream, err := product.NewProductServiceClient(conn).ListProductsByCategory(context.Background(), request)
	if err != nil {
		return result, err
	}
	for {
		found, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return result, nil
		}
		if err != nil {
			return result, err
		}
		result.Products = append(result.Products, productToJSON(found))
	}
}

type uploadInput struct {
	SizeBytes  int `json:"sizeBytes"`
	ChunkBytes int `json:"chunkBytes"`
}

type uploadResult struct {
	SizeBytes uint64 `json:"sizeBytes"`
	Sha256    string `json:"sha256"`
}

// uploadFile sends a file whose byte at i is i modulo 251.
func uploadFile(conn *grpc.ClientConn, input uploadInput) (uploadResult, error) {
	stream, err := upload.NewUploadClient(conn).UploadFile(context.Background())
	if err != nil {
		return uploadResult{}, err
	}
	info := &upload.FileInfo{Name: "pattern.bin", SizeBytes: uint64(input.SizeBytes)}
	if err := stream.Send(&upload.UploadRequest{Part: &upload.UploadRequest_Info{Info: info}}); err != nil {
		return uploadResult{}, err
	}
	file := make([]byte, input.SizeBytes)
	for i := range file {
		file[i] = byte(i % 251)
	}
	for start := 0; start < len(file); start += input.ChunkBytes {
		chunk := file[start:min(start+input.ChunkBytes, len(file))]
		if err := stream.Send(&upload.UploadRequest{Part: &upload.UploadRequest_Chunk{Chunk: chunk}}); err != nil {
			return uploadResult{}, err
		}
	}
	receipt, err := stream.CloseAndRecv()
	return uploadResult{receipt.GetSizeBytes(), receipt.GetSha256()}, err
}
