using KerasCompat.Runtime;

namespace KerasCompat.Verification;

/// <summary>
/// Weights and inputs by a formula that every language computes alike, so that a network can be compared without storing its
/// weights (the formula of <c>tests/fixtures/generate/architectures.py</c>).
/// </summary>
public static class ArchitectureFormula
{
    private const int FirstInput = 1_000_000;
    private static readonly string[] AroundOne = ["gamma", "scale", "variance", "moving_variance", "running_std"];

    /// <summary>The weight at a position of <c>get_weights()</c>.</summary>
    public static Tensor<float> Weight(int position, string name, Shape shape)
    {
        double[] u = Uniform(position, shape.ElementCount);
        double scale = shape.Rank >= 2 ? Math.Sqrt(3.0 / shape.Product(0, shape.Rank - 1)) : 0.1;
        double offset = shape.Rank < 2 && AroundOne.Contains(name) ? 1 : 0;
        return new Tensor<float>(u.Select(v => (float)(offset + (scale * v))).ToArray(), shape);
    }

    /// <summary>The input at a position: numbers in [−1, 1), or word indices below <paramref name="vocabulary"/>.</summary>
    public static Tensor<float> Input(int position, Shape shape, int? vocabulary) => new(
        Uniform(FirstInput + position, shape.ElementCount).Select(v => (float)(vocabulary is { } n ? Math.Floor((v + 1) / 2 * n) : v)).ToArray(),
        shape);

    /// <summary>Numbers in [−1, 1), scattered by a hash of their index.</summary>
    private static double[] Uniform(int i, int length)
    {
        var u = new double[length];
        uint start = unchecked((uint)((ulong)i * 0x9E3779B9));
        for (int j = 0; j < length; j++)
        {
            uint x = unchecked(start + (uint)j);
            x ^= x >> 16;
            x = unchecked(x * 0x7FEB352D);
            x ^= x >> 15;
            x = unchecked(x * 0x846CA68B);
            x ^= x >> 16;
            u[j] = (x / 2147483648.0) - 1;
        }

        return u;
    }
}
