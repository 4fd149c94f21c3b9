using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Which operator an activation is, for the recurrent operators, that take their activations as operators of one input.</summary>
internal static class SingleOperator
{
    /// <summary>True where the function is one operator of one input, or none at all.</summary>
    /// <param name="activation">The function.</param>
    /// <param name="dtype">The type it is applied to.</param>
    /// <param name="op">The operator; null for the identity.</param>
    public static bool TryFind(ActivationFunction activation, DType dtype, out Op? op)
    {
        var probe = new GraphBuilder();
        Value x = probe.Input("x", dtype, new SymbolicShape(Dim.Symbol("batch"), Dim.Symbol("units")));
        Value y = activation.Apply(probe, x);
        op = y.Producer?.Op;
        return y == x || (y.Producer is { Inputs: [var only] } && only == x);
    }
}
