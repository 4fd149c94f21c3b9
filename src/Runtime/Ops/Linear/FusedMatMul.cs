using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// <c>activation(a·b + bias + residual)</c> in one pass, the matrix product over the last two axes. ONNX has it as MatMul, Add and the
/// activation; a pass over the graph makes it of them.
/// </summary>
/// <remarks>Inputs: a, b, bias? (one number a column), residual? (of the result's shape).</remarks>
public sealed record FusedMatMul : Op, INumericKernel
{
    /// <summary>Whether b is given as (…, columns, rows).</summary>
    public bool TransposeB { get; init; }

    /// <summary>What is applied to the sum: an operator of one input, or null for nothing.</summary>
    public Op? Activation { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        TensorType product = MatMul.Product(inputs, TransposeB);
        if ((inputs.Has(2) && !inputs.Shape(2).Equals(new SymbolicShape(product.Shape[-1])))
            || (inputs.Has(3) && inputs.Shape(3).Rank != product.Shape.Rank))
        {
            throw inputs.Fail(
                $"{(inputs.Has(2) ? $"bias {inputs.Shape(2)} " : string.Empty)}{(inputs.Has(3) ? $"residual {inputs.Shape(3)}" : string.Empty)}".Trim(),
                $"a bias of {product.Shape[-1]} and a residual {product.Shape}");
        }

        return [product];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding) => MatrixProduct.Make<T>(binding, TransposeB, Activation);
}

public sealed partial class GraphBuilder
{
    /// <summary><c>activation(a·b + bias + residual)</c>.</summary>
    public Value FusedMatMul(FusedMatMul op, Value a, Value b, Value? bias = null, Value? residual = null) => Apply(op, a, b, bias, residual);
}
