using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The index of each text in a table. ONNX's LabelEncoder (ai.onnx.ml) from strings to int64.</summary>
/// <param name="Table">The table.</param>
/// <param name="Default">The index of a text that is not in the table; null makes it an error.</param>
public sealed record LookupText(LookupTable<string> Table, long? Default) : Op
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => [new TensorType(DType.Int64, inputs.Texts(0))];

    internal override CpuKernel Bind(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return frame =>
        {
            ReadOnlySpan<string> texts = frame.Texts(x);
            Span<long> indices = frame.Span<long>(y);
            for (int i = 0; i < texts.Length; i++)
            {
                indices[i] = Table.Find(texts[i]) ?? Default
                    ?? throw new ArgumentOutOfRangeException(nameof(texts), $"\"{texts[i]}\" is not in the vocabulary, and the layer has no index for unknown texts.");
            }
        };
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The index of each text in a table.</summary>
    public Value LookupText(Value x, LookupTable<string> table, long? otherwise) => Apply(new LookupText(table, otherwise), x);
}
