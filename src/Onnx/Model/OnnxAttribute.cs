using KerasCompat.Onnx.Protobuf;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Model;

/// <summary>An attribute of a node: ONNX's AttributeProto.</summary>
/// <param name="Name">ONNX's name of it.</param>
/// <param name="Value">A long, double, string, their arrays, a <see cref="Tensor"/> or an <see cref="OnnxGraph"/>.</param>
internal sealed record OnnxAttribute(string Name, object Value)
{
    private const int NameField = 1, Single = 2, Integer = 3, Text = 4, TensorField = 5, GraphField = 6, Singles = 7, Integers = 8, Texts = 9, TypeField = 20;

    public void Write(ProtoWriter writer)
    {
        writer.Text(NameField, Name);
        switch (Value)
        {
            case long integer:
                writer.Integer(Integer, integer);
                writer.Integer(TypeField, 2);
                break;
            case double number:
                writer.Single(Single, (float)number);
                writer.Integer(TypeField, 1);
                break;
            case string text:
                writer.Text(Text, text);
                writer.Integer(TypeField, 3);
                break;
            case Tensor tensor:
                writer.Message(TensorField, new OnnxTensor(string.Empty, tensor).Write);
                writer.Integer(TypeField, 4);
                break;
            case OnnxGraph graph:
                writer.Message(GraphField, graph.Write);
                writer.Integer(TypeField, 5);
                break;
            case double[] numbers:
                Array.ForEach(numbers, n => writer.Single(Singles, (float)n));
                writer.Integer(TypeField, 6);
                break;
            case long[] integers:
                Array.ForEach(integers, i => writer.Integer(Integers, i));
                writer.Integer(TypeField, 7);
                break;
            case string[] texts:
                Array.ForEach(texts, t => writer.Text(Texts, t));
                writer.Integer(TypeField, 8);
                break;
            default:
                throw new InvalidOperationException($"No attribute holds a {Value.GetType()}.");
        }
    }
}
