namespace KerasCompat.Runtime;

// Compositions of reductions.
public sealed partial class GraphBuilder
{
    /// <summary>The mean and the variance <c>mean((x − mean)²)</c> along axes. All axes where none are named.</summary>
    public (Value Mean, Value Variance) Moments(Value x, EquatableList<int>? axes = null, bool keepDims = false)
    {
        EquatableList<int> all = AxesOf(x, axes);
        Value mean = ReduceMean(x, all, keepDims: true), variance = ReduceMean(SquaredDifference(x, mean), all, keepDims);
        return (keepDims ? mean : Reshape(mean, variance.Shape), variance);
    }

    /// <summary>The variance <c>mean((x − mean)²)</c> along axes. All axes where none are named.</summary>
    public Value ReduceVariance(Value x, EquatableList<int>? axes = null, bool keepDims = false) => Moments(x, axes, keepDims).Variance;
}
