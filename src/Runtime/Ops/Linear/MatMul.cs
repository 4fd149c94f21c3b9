using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The matrix product over the last two axes, leading axes broadcast. ONNX MatMul, for values of rank 2 or more.</summary>
public sealed record MatMul : Op, INumericKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) =>
        [new TensorType(inputs.DType(0), Product(inputs, inputs.Shape(0), inputs.Shape(1)))];

    internal override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding) => MatrixProduct.Make<T>(binding, new FusedMatMul());

    /// <summary>The shape of the product of two inputs, whose axes are read in the order of these shapes.</summary>
    internal static SymbolicShape Product(OpInference inputs, SymbolicShape a, SymbolicShape b)
    {
        if (a.Rank < 2 || b.Rank < 2 || inputs.DType(0) != inputs.DType(1))
        {
            throw inputs.Fail($"{inputs.Type(0)} and {inputs.Type(1)}", "two values of one element type and of rank 2 or more");
        }

        if (a[-1].IsConstant && b[-2].IsConstant && a[-1] != b[-2])
        {
            throw inputs.Fail($"{a} times {b}", "as many columns on the left as rows on the right");
        }

        SymbolicShape batch = inputs.Broadcast(new SymbolicShape(a.Take(a.Rank - 2)), new SymbolicShape(b.Take(b.Rank - 2)));
        return new SymbolicShape([.. batch, a[-2], b[-1]]);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The matrix product over the last two axes; a vector is a row on the left and a column on the right.</summary>
    public Value MatMul(Value a, Value b)
    {
        Value product = Apply(new MatMul(), a.Rank == 1 ? ExpandDims(a, 0) : a, b.Rank == 1 ? ExpandDims(b, 1) : b);
        product = b.Rank == 1 ? Squeeze(product, -1) : product;
        return a.Rank == 1 ? Squeeze(product, b.Rank == 1 ? -1 : -2) : product;
    }
}
