using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The index of each integer in a table. ONNX's LabelEncoder (ai.onnx.ml) from int64 to int64.</summary>
/// <param name="Table">The table.</param>
/// <param name="Default">The index of an integer that is not in the table; null makes it an error.</param>
public sealed record LookupInteger(LookupTable<long> Table, long? Default) : Op
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => inputs.DType(0) == DType.Int64
        ? [inputs.Type(0)]
        : throw inputs.Fail(inputs.Type(0).ToString(), "int64");

    internal override CpuKernel Bind(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return frame =>
        {
            ReadOnlySpan<long> keys = frame.Span<long>(x);
            Span<long> indices = frame.Span<long>(y);
            for (int i = 0; i < keys.Length; i++)
            {
                indices[i] = Table.Find(keys[i]) ?? Default
                    ?? throw new ArgumentOutOfRangeException(nameof(keys), $"{keys[i]} is not in the vocabulary, and the layer has no index for unknown integers.");
            }
        };
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The index of each int64 in a table.</summary>
    public Value LookupInteger(Value x, LookupTable<long> table, long? otherwise) => Apply(new LookupInteger(table, otherwise), x);
}
