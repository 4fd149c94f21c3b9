using System.Globalization;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>Integers as decimal text: tf.strings.as_string. ONNX Cast to string.</summary>
public sealed record IntegerToText : Op
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => inputs.DType(0) == DType.Int64
        ? [new TensorType(DType.String, inputs.Shape(0))]
        : throw inputs.Fail(inputs.Type(0).ToString(), "int64");

    internal override CpuKernel Bind(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return frame =>
        {
            ReadOnlySpan<long> numbers = frame.Span<long>(x);
            Span<string> texts = frame.Texts(y);
            for (int i = 0; i < numbers.Length; i++)
            {
                texts[i] = numbers[i].ToString(CultureInfo.InvariantCulture);
            }
        };
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>Integers as decimal text.</summary>
    public Value IntegerToText(Value x) => Apply(new IntegerToText(), Cast(x, DType.Int64));
}
