using KerasCompat.Onnx.Protobuf;

namespace KerasCompat.Onnx.Model;

/// <summary>A node: ONNX's NodeProto. An input with an empty name is absent.</summary>
internal sealed class OnnxNode
{
    private const int Input = 1, Output = 2, NameField = 3, OperatorType = 4, AttributeField = 5, DomainField = 7;

    public required string Operator { get; init; }

    public required string Name { get; init; }

    public string Domain { get; init; } = string.Empty;

    public required string[] Inputs { get; init; }

    public required string[] Outputs { get; init; }

    public IReadOnlyList<OnnxAttribute> Attributes { get; init; } = [];

    public void Write(ProtoWriter writer)
    {
        Array.ForEach(Inputs, i => writer.Text(Input, i));
        Array.ForEach(Outputs, o => writer.Text(Output, o));
        writer.Text(NameField, Name);
        writer.Text(OperatorType, Operator);
        foreach (OnnxAttribute attribute in Attributes)
        {
            writer.Message(AttributeField, attribute.Write);
        }

        if (Domain.Length > 0)
        {
            writer.Text(DomainField, Domain);
        }
    }
}
