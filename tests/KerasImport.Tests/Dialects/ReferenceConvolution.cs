using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects.Tests;

/// <summary>A two-dimensional correlation by definition, with the paddings that the canonical config describes.</summary>
internal static class ReferenceConvolution
{
    private static readonly Dictionary<string, Func<float, float>> Activations = new()
    {
        ["linear"] = x => x,
        ["relu"] = x => Math.Max(x, 0),
        ["tanh"] = MathF.Tanh,
        ["sigmoid"] = x => 1 / (1 + MathF.Exp(-x)),
    };

    public static Tensor<float> Run(Tensor<float> input, IReadOnlyList<Tensor> weights, JObject config)
    {
        bool first = (string?)config["data_format"] == "channels_first";
        Tensor<float> x = (first ? input.Transpose(0, 2, 3, 1) : input).As<float>();
        Tensor<float> kernel = weights[0].As<float>();
        float[] bias = weights.Count > 1 ? weights[1].As<float>().ToArray() : new float[kernel.Shape[3]];
        int[] strides = [.. config["strides"]!.Select(token => (int)token)];
        int[] dilation = config["dilation_rate"] is JArray rates ? [.. rates.Select(token => (int)token)] : [1, 1];
        (int[] left, int[] size) = Padding((string)config["padding"]!, [x.Shape[1], x.Shape[2]], kernel.Shape, strides, dilation);
        Func<float, float> activation = Activations[(string)config["activation"]!];
        var y = new Tensor<float>(new float[x.Shape[0] * size[0] * size[1] * bias.Length], new Shape(x.Shape[0], size[0], size[1], bias.Length));
        for (int b = 0; b < y.Shape[0]; b++)
        {
            for (int r = 0; r < size[0]; r++)
            {
                for (int c = 0; c < size[1]; c++)
                {
                    for (int f = 0; f < bias.Length; f++)
                    {
                        y[b, r, c, f] = activation(bias[f] + Sum(x, kernel, b, (r * strides[0]) - left[0], (c * strides[1]) - left[1], dilation, f));
                    }
                }
            }
        }

        return (first ? y.Transpose(0, 3, 1, 2) : y).As<float>();
    }

    private static float Sum(Tensor<float> x, Tensor<float> kernel, int b, int row, int column, int[] dilation, int f)
    {
        float sum = 0;
        for (int i = 0; i < kernel.Shape[0]; i++)
        {
            for (int j = 0; j < kernel.Shape[1]; j++)
            {
                int r = row + (i * dilation[0]);
                int c = column + (j * dilation[1]);
                for (int d = 0; d < kernel.Shape[2] && r >= 0 && c >= 0 && r < x.Shape[1] && c < x.Shape[2]; d++)
                {
                    sum += x[b, r, c, d] * kernel[i, j, d, f];
                }
            }
        }

        return sum;
    }

    private static (int[] Left, int[] Size) Padding(string padding, int[] n, Shape kernel, int[] strides, int[] dilation)
    {
        var left = new int[2];
        var size = new int[2];
        for (int axis = 0; axis < 2; axis++)
        {
            int reach = ((kernel[axis] - 1) * dilation[axis]) + 1;
            int same = (n[axis] + strides[axis] - 1) / strides[axis];
            (left[axis], size[axis]) = padding switch
            {
                "valid" => (0, ((n[axis] - reach) / strides[axis]) + 1),
                "same" => (Math.Max(((same - 1) * strides[axis]) + reach - n[axis], 0) / 2, same),
                "same_theano" => (reach / 2, same),
                "full" => (reach - 1, ((n[axis] + reach - 2) / strides[axis]) + 1),
                _ => throw new ArgumentException(padding),
            };
        }

        return (left, size);
    }
}
