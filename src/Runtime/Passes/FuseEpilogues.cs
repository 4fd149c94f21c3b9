namespace KerasCompat.Runtime;

/// <summary>Lets products and convolutions add biases and residuals and apply activations themselves, while results are in registers.</summary>
internal sealed class FuseEpilogues : GraphRule
{
    public override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value?> inputs, GraphRewriter graph)
    {
        // Smaller types are rounded after each operator: fused, they would give other numbers.
        if (node.Outputs[0].DType is not (DType.Float32 or DType.Float64))
        {
            return null;
        }

        return node.Op switch
        {
            Add => Sum(inputs[0]!, inputs[1]!, graph) ?? Sum(inputs[1]!, inputs[0]!, graph),
            _ when node.Op is UnaryOp && KernelActivation.TryGet(node.Op, out _) => Activated(node.Op, inputs[0]!, graph),
            _ => null,
        };
    }

    private static IReadOnlyList<Value>? Sum(Value sum, Value other, GraphRewriter graph)
    {
        if (graph.OnlyFor(sum) is not { } product || product == other.Producer || Unactivated(product) is not { } op)
        {
            return null;
        }

        Value? bias = product.Inputs.ElementAtOrDefault(2), residual = product.Inputs.ElementAtOrDefault(3);
        Dim columns = sum.Shape[-1];
        if (bias is null && residual is null && other.Rank > 0 && other.Shape.ElementCount == columns && other.Shape[-1] == columns && other.Rank <= sum.Rank && graph.IsStored(other))
        {
            return [graph.Builder.Apply(op, product.Inputs[0], product.Inputs[1], graph.Builder.Reshape(other, new SymbolicShape(columns)))];
        }

        return residual is null && op is not ConvTranspose && other.Shape.Equals(sum.Shape)
            ? [graph.Builder.Apply(op, product.Inputs[0], product.Inputs[1], bias, other)]
            : null;
    }

    private static IReadOnlyList<Value>? Activated(Op activation, Value x, GraphRewriter graph)
    {
        if (graph.OnlyFor(x) is not { } product || Unactivated(product) is not { } op)
        {
            return null;
        }

        Op? fused = op switch
        {
            FusedMatMul matrix => matrix with { Activation = activation },
            Conv conv => conv with { Activation = activation },
            DepthwiseConv depthwise => depthwise with { Activation = activation },
            ConvTranspose transpose => transpose with { Activation = activation },
            _ => null,
        };
        return fused is null ? null : [graph.Builder.Apply(fused, product.Inputs)];
    }

    /// <summary>The operator of a node that can take an epilogue and has no activation yet.</summary>
    private static Op? Unactivated(Node node) => node.Op switch
    {
        MatMul => new FusedMatMul(),
        FusedMatMul { Activation: null } or Conv { Activation: null } or DepthwiseConv { Activation: null } or ConvTranspose { Activation: null } => node.Op,
        _ => null,
    };
}
