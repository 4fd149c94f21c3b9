using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The elements moved along an axis, those pushed over the end coming in at the beginning. ONNX: Concat of two Slices.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Shift">How far; negative goes toward the beginning.</param>
public sealed record Roll(int Axis, int Shift) : Op, IMovingKernel
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.Axis(Axis, inputs.Shape(0).Rank);
        return [inputs.Type(0)];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, binding.Input(0).DType);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        (int block, int shift) = Describe(x.Shape);
        return frame => Turn<T>(frame.Span<T>(x), frame.Span<T>(y), block, shift);
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        (int block, int shift) = Describe(x.Shape);
        return frame => Turn<string>(frame.Texts(x), frame.Texts(y), block, shift);
    }

    private (int Block, int Shift) Describe(Shape x)
    {
        int axis = Axis < 0 ? Axis + x.Rank : Axis, inner = x.Product(axis + 1, x.Rank);
        return (x[axis] * inner, IntegerArithmetic.FloorMod(Shift, Math.Max(x[axis], 1)) * inner);
    }

    private static void Turn<T>(ReadOnlySpan<T> x, Span<T> y, int block, int shift)
    {
        for (int at = 0; at < x.Length; at += block)
        {
            x.Slice(at, block - shift).CopyTo(y.Slice(at + shift, block - shift));
            x.Slice(at + block - shift, shift).CopyTo(y.Slice(at, shift));
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The elements moved along an axis, round the end.</summary>
    public Value Roll(Value x, int axis, int shift) => Apply(new Roll(axis, shift), x);
}
