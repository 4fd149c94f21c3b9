using KerasCompat.Onnx.Protobuf;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Model;

/// <summary>Name and type of a model's input or output: ONNX's ValueInfoProto.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The element type and the sizes; sizes that a call decides are written by name.</param>
internal sealed record OnnxValueInfo(string Name, TensorType Type)
{
    private const int NameField = 1, TypeField = 2, TensorTypeField = 1, ElementType = 1, ShapeField = 2, Dimension = 1, DimensionValue = 1, DimensionParameter = 2;

    public void Write(ProtoWriter writer)
    {
        writer.Text(NameField, Name);
        writer.Message(TypeField, type => type.Message(TensorTypeField, tensor =>
        {
            tensor.Integer(ElementType, OnnxElementType.Of(Type.DType));
            tensor.Message(ShapeField, shape =>
            {
                foreach (Dim dim in Type.Shape)
                {
                    shape.Message(Dimension, d => WriteSize(d, dim));
                }
            });
        }));
    }

    private static void WriteSize(ProtoWriter writer, Dim dim)
    {
        if (dim.IsConstant)
        {
            writer.Integer(DimensionValue, dim.Value);
        }
        else
        {
            writer.Text(DimensionParameter, dim.ToString());
        }
    }
}
