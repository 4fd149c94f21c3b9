namespace KerasCompat.Runtime;

/// <summary>
/// Puts a batch normalisation into the kernel and bias of the product before it:
/// <c>(x·K + b − mean)·inv + beta = x·(K·inv) + ((b − mean)·inv + beta)</c>.
/// </summary>
internal sealed class FoldBatchNormalization : GraphRule
{
    public override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value?> inputs, GraphRewriter graph)
    {
        if (node.Op is not BatchNormalization normalization
            || inputs[0]!.DType is not (DType.Float32 or DType.Float64)
            || (normalization.Axis != -1 && normalization.Axis != inputs[0]!.Rank - 1)
            || graph.OnlyFor(inputs[0]) is not { } product
            || !inputs.Skip(1).All(graph.IsStored)
            || !product.Inputs.Skip(1).All(graph.IsStored)
            || ScaleShape(product) is not { } scaleShape)
        {
            return null;
        }

        GraphBuilder g = graph.Builder;
        (Value mean, Value variance, Value? gamma, Value? beta) = (inputs[1]!, inputs[2]!, inputs[3], inputs[4]);
        Value deviation = g.Sqrt(g.Add(variance, g.Scalar(normalization.Epsilon, variance.DType)));
        Value inverse = g.Div(gamma ?? g.Scalar(1, variance.DType), deviation);
        Value? bias = product.Inputs.Count > 2 ? product.Inputs[2] : null;
        Value centred = bias is null ? g.Neg(mean) : g.Sub(bias, mean);
        Value shift = g.Mul(centred, inverse);
        shift = beta is null ? shift : g.Add(shift, beta);
        Value kernel = g.Mul(product.Inputs[1]!, g.Reshape(inverse, scaleShape));
        Op op = product.Op is MatMul ? new FusedMatMul() : product.Op;
        return [g.Apply(op, product.Inputs[0], kernel, shift)];
    }

    /// <summary>The shape in which one factor a channel multiplies the kernel; null where the node is no product that takes it.</summary>
    private static SymbolicShape? ScaleShape(Node product)
    {
        bool plain = product.Inputs.Count <= 3 || product.Inputs[3] is null;
        SymbolicShape? kernel = plain ? product.Inputs.ElementAtOrDefault(1)?.Shape : null;
        return product.Op switch
        {
            MatMul when kernel is { Rank: 2 } => new SymbolicShape(kernel[-1]),
            FusedMatMul { Activation: null, PermA: null, PermB: null, PermOutput: null } when kernel is { Rank: 2 } => new SymbolicShape(kernel[-1]),
            Conv { Activation: null } when kernel is not null => new SymbolicShape(kernel[-1]),
            DepthwiseConv { Activation: null } when kernel is not null => new SymbolicShape(kernel[-2], kernel[-1]),
            ConvTranspose { Activation: null } when kernel is not null => new SymbolicShape(kernel[-2], 1),
            _ => null,
        };
    }
}
