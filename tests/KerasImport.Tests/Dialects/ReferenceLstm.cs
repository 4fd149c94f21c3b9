using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects.Tests;

/// <summary>An LSTM by definition: gates i, f, c, o.</summary>
internal static class ReferenceLstm
{
    private static readonly Dictionary<string, Func<float, float>> Activations = new()
    {
        ["tanh"] = MathF.Tanh,
        ["relu"] = x => Math.Max(x, 0),
        ["sigmoid"] = x => 1 / (1 + MathF.Exp(-x)),
        ["hard_sigmoid_slope_0.2"] = x => Math.Clamp((0.2f * x) + 0.5f, 0, 1),
    };

    public static Tensor<float> Run(Tensor<float> x, IReadOnlyList<Tensor> weights, JObject config)
    {
        int batch = x.Shape[0];
        int time = x.Shape[1];
        int units = (int)config["units"]!;
        bool sequences = (bool)config["return_sequences"]!;
        bool backwards = (bool)config["go_backwards"]!;
        Func<float, float> act = Activations[(string)config["activation"]!];
        Func<float, float> gate = Activations[(string)config["recurrent_activation"]!];
        Tensor<float>[] w = [.. weights.Select(weight => weight.As<float>())];
        var y = new Tensor<float>(new float[batch * time * units], new Shape(batch, time, units));
        for (int b = 0; b < batch; b++)
        {
            var h = new float[units];
            var c = new float[units];
            for (int step = 0; step < time; step++)
            {
                int t = backwards ? time - 1 - step : step;
                float[] z = [.. Enumerable.Range(0, 4 * units).Select(j => w[2].Span[j] + Dot(d => x[b, t, d], w[0], j) + Dot(u => h[u], w[1], j))];
                for (int u = 0; u < units; u++)
                {
                    c[u] = (gate(z[units + u]) * c[u]) + (gate(z[u]) * act(z[(2 * units) + u]));
                    h[u] = gate(z[(3 * units) + u]) * act(c[u]);
                    y[b, step, u] = h[u];
                }
            }
        }

        return sequences ? y : Last(y);
    }

    private static Tensor<float> Last(Tensor<float> y)
    {
        var last = new Tensor<float>(new float[y.Shape[0] * y.Shape[2]], new Shape(y.Shape[0], y.Shape[2]));
        for (int b = 0; b < y.Shape[0]; b++)
        {
            for (int u = 0; u < y.Shape[2]; u++)
            {
                last[b, u] = y[b, y.Shape[1] - 1, u];
            }
        }

        return last;
    }

    public static Tensor<float> Affine(Tensor<float> x, Tensor<float> kernel, Tensor<float> bias)
    {
        var y = new Tensor<float>(new float[x.Shape[0] * bias.Length], new Shape(x.Shape[0], bias.Length));
        for (int b = 0; b < x.Shape[0]; b++)
        {
            for (int j = 0; j < bias.Length; j++)
            {
                y[b, j] = bias.Span[j] + Dot(d => x[b, d], kernel, j);
            }
        }

        return y;
    }

    private static float Dot(Func<int, float> x, Tensor<float> kernel, int column)
    {
        float sum = 0;
        for (int d = 0; d < kernel.Shape[0]; d++)
        {
            sum += x(d) * kernel[d, column];
        }

        return sum;
    }
}
