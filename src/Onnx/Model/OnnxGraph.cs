using KerasCompat.Onnx.Protobuf;

namespace KerasCompat.Onnx.Model;

/// <summary>A graph, a model's own or the body of a node: ONNX's GraphProto.</summary>
internal sealed record OnnxGraph(
    string Name,
    IReadOnlyList<OnnxNode> Nodes,
    IReadOnlyList<OnnxTensor> Initializers,
    IReadOnlyList<OnnxValueInfo> Inputs,
    IReadOnlyList<OnnxValueInfo> Outputs)
{
    private const int NodeField = 1, NameField = 2, InitializerField = 5, InputField = 11, OutputField = 12;

    public void Write(ProtoWriter writer)
    {
        foreach (OnnxNode node in Nodes)
        {
            writer.Message(NodeField, node.Write);
        }

        writer.Text(NameField, Name);
        foreach (OnnxTensor initializer in Initializers)
        {
            writer.Message(InitializerField, initializer.Write);
        }

        foreach (OnnxValueInfo input in Inputs)
        {
            writer.Message(InputField, input.Write);
        }

        foreach (OnnxValueInfo output in Outputs)
        {
            writer.Message(OutputField, output.Write);
        }
    }
}
