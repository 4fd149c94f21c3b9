using KerasCompat.Runtime;

namespace KerasCompat.Dialects;

/// <summary>BatchNormalization up to Keras 1.0.5 divided by its running standard deviation plus epsilon.</summary>
internal static class RunningDeviation
{
    /// <summary>The variance v for which √(v + ε) = s + ε.</summary>
    public static Tensor ToVariance(Tensor deviation, double epsilon)
    {
        double[] values = deviation.Cast(DType.Float64).As<double>().ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Math.Pow(values[i] + epsilon, 2) - epsilon;
        }

        return new Tensor<double>(values, deviation.Shape).Cast(deviation.DType);
    }
}
