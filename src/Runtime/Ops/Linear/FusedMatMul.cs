using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// <c>activation(a·b + bias + residual)</c> in one pass, the matrix product over the last two axes, operands and result perhaps lying in
/// memory with their axes in another order. ONNX has it as Transpose, MatMul, Add and the activation; a pass over the graph makes it of them.
/// </summary>
/// <remarks>Inputs: a, b, bias? (one number a column), residual? (of the result's shape).</remarks>
internal sealed record FusedMatMul : Op, INumericKernel
{
    /// <summary>The order in which the axes of a are read, as of a Transpose before the product; null for their own.</summary>
    public EquatableList<int>? PermA { get; init; }

    /// <summary>The order in which the axes of b are read.</summary>
    public EquatableList<int>? PermB { get; init; }

    /// <summary>The order in which the axes of the product are written, as of a Transpose after it. The columns stay last.</summary>
    public EquatableList<int>? PermOutput { get; init; }

    /// <summary>What is applied to the sum: an operator of one input, or null for nothing.</summary>
    public Op? Activation { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape product = MatMul.Product(inputs, Permuted(inputs.Shape(0), PermA), Permuted(inputs.Shape(1), PermB));
        if (PermOutput is { } perm && (perm.Count != product.Rank || perm[^1] != product.Rank - 1))
        {
            throw inputs.Fail($"the product's axes in the order {perm}", "an order of all axes that leaves the columns last");
        }

        SymbolicShape result = Permuted(product, PermOutput);
        if ((inputs.Has(2) && !inputs.Shape(2).Equals(new SymbolicShape(result[-1]))) || (inputs.Has(3) && inputs.Shape(3).Rank != result.Rank))
        {
            throw inputs.Fail(
                $"{(inputs.Has(2) ? $"bias {inputs.Shape(2)} " : string.Empty)}{(inputs.Has(3) ? $"residual {inputs.Shape(3)}" : string.Empty)}".Trim(),
                $"a bias of {result[-1]} and a residual {result}");
        }

        return [new TensorType(inputs.DType(0), result)];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding) => MatrixProduct.Make<T>(binding, this);

    private static SymbolicShape Permuted(SymbolicShape shape, EquatableList<int>? perm) =>
        perm is null ? shape : new SymbolicShape(perm.Select(axis => shape[axis]));
}

public sealed partial class GraphBuilder
{
    /// <summary><c>activation(a·b + bias + residual)</c>.</summary>
    internal Value FusedMatMul(FusedMatMul op, Value a, Value b, Value? bias = null, Value? residual = null) => Apply(op, a, b, bias, residual);
}
