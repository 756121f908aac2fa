package services

import (
	"context"
	"fmt"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"heddle.test/interop/gen/product"
)

var catalogue = []*product.Product{
	{
		Id: "p001", Name: "Laptop Pro X", Price: 1500, Category: "Electronics",
		Description: "A light laptop with a 14 inch screen and a battery for the whole day.",
	},
	{
		Id: "p002", Name: "Wireless Mouse", Price: 75.5, Category: "Electronics",
		Description: "A quiet mouse for both hands; one battery lasts a year.",
	},
	{
		Id: "p003", Name: "Mechanical Keyboard", Price: 120, Category: "Electronics",
		Description: "A compact keyboard with switches that can be replaced one by one.",
	},
	{
		Id: "p004", Name: "The Python Guide", Price: 45.99, Category: "Books",
		Description: "From the first script to a program that others can maintain.",
	},
}

// ProductService looks products up in a fixed catalogue.
type ProductService struct {
	product.UnimplementedProductServiceServer
}

// GetProduct fails with NOT_FOUND, or with INVALID_ARGUMENT and a google.rpc.BadRequest when the id is empty.
func (ProductService) GetProduct(_ context.Context, request *product.GetProductRequest) (*product.Product, error) {
	id := request.GetProductId()
	if id == "" {
		return nil, emptyProductID()
	}
	for _, candidate := range catalogue {
		if candidate.GetId() == id {
			return candidate, nil
		}
	}
	return nil, status.Error(codes.NotFound, fmt.Sprintf("Product with ID '%s' not found.", id))
}

func emptyProductID() error {
	plain := status.New(codes.InvalidArgument, "The request names no product.")
	detailed, err := plain.WithDetails(&errdetails.BadRequest{
		FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "product_id", Description: "must not be empty"}},
	})
	if err != nil {
		return status.Error(codes.Internal, err.Error())
	}
	return detailed.Err()
}

// ListProductsByCategory streams the products of a category in the order of the catalogue.
func (ProductService) ListProductsByCategory(
	request *product.ListProductsByCategoryRequest,
	stream grpc.ServerStreamingServer[product.Product],
) error {
	for _, candidate := range catalogue {
		if candidate.GetCategory() != request.GetCategory() {
			continue
		}
		if err := stream.Send(candidate); err != nil {
			return err
		}
	}
	return nil
}
