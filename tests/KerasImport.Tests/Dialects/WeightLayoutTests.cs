using KerasCompat.Containers;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Verification;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects.Tests;

/// <summary>Conversions of stored arrays, against what Keras computed with them.</summary>
public class WeightLayoutTests
{
    [Theory]
    [InlineData("1.1.2-theano-convolution2d")]
    [InlineData("1.2.2-theano-convolution2d")]
    [InlineData("1.2.2-tensorflow-convolution2d")]
    [InlineData("1.2.2-theano-other-order-conv2d")]
    [InlineData("1.2.2-theano-atrous-convolution2d")]
    public void Keras1_convolutions_give_Keras_numbers(string name)
    {
        using KerasFile file = KerasFileReader.Open(Fixtures.Path("keras1", $"{name}.h5"));
        using VectorsFile vectors = VectorsFile.Open(Fixtures.Path("keras1", $"{name}.npz"));
        JObject config = (JObject)Canonicalization.Run(file).Root["config"]!;
        Tensor<float> input = vectors.Calls[0].Inputs[0].Read().As<float>();
        int output = 0;
        foreach (string layer in config["output_layers"]!.Select(leaf => (string)leaf[0]!))
        {
            JObject conv = Layer(config, layer);
            Tensor<float> want = vectors.Calls[0].Outputs[output++].Read().As<float>();
            if ((string?)conv["class_name"] == "Conv2D")
            {
                IReadOnlyList<Tensor> weights = Weights(file, conv, KernelShape(conv, input.Shape));
                Near(want, ReferenceConvolution.Run(input, weights, (JObject)conv["config"]!));
            }
        }

        Assert.True(output > 0);
    }

    [Fact]
    public void A_GRU_of_Keras_2_0_0_makes_its_new_state_of_the_reset_gates_input()
    {
        Tensor kernel = Tensor.From([1f, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 2, 6), recurrent = Tensor.From(new float[12], 2, 6), bias = Tensor.From([1f, 2, 3, 4, 50, 60], 6);
        IReadOnlyList<Tensor> converted = WeightLayouts.Convert([WeightLayouts.ResetForNewGru], [kernel, recurrent, bias], [kernel.Shape, recurrent.Shape, bias.Shape]);
        Assert.Equal([1f, 2, 3, 4, 3, 4, 7, 8, 9, 10, 9, 10], converted[0].As<float>().ToArray());
        Assert.Same(recurrent, converted[1]);
        Assert.Equal([1f, 2, 3, 4, 53, 64], converted[2].As<float>().ToArray());
        Tensor[] misshapen = [Tensor.From(new float[8], 2, 4), recurrent, bias];
        Assert.Same(misshapen, WeightLayouts.Convert([WeightLayouts.ResetForNewGru], misshapen, [kernel.Shape, recurrent.Shape, bias.Shape]));
    }

    [Theory]
    [InlineData("keras1", "1.2.2-theano-lstm")]
    [InlineData("keras1", "1.2.2-tensorflow-lstm")]
    public void Keras1_gates_give_Keras_numbers(string suite, string name)
    {
        using KerasFile file = KerasFileReader.Open(Fixtures.Path(suite, $"{name}.h5"));
        using VectorsFile vectors = VectorsFile.Open(Fixtures.Path(suite, $"{name}.npz"));
        JObject config = (JObject)Canonicalization.Run(file).Root["config"]!;
        Tensor<float> input = vectors.Calls[0].Inputs[0].Read().As<float>();
        var stored = new HashSet<int>();
        int output = 0;
        foreach (string layer in config["output_layers"]!.Select(leaf => (string)leaf[0]!))
        {
            JObject lstm = Layer(config, layer);
            int units = (int)lstm["config"]!["units"]!;
            Shape[] shapes = [new(input.Shape[2], 4 * units), new(units, 4 * units), new(4 * units)];
            stored.Add(((LayerWeights)file.Weights!).Layers.Single(item => item.Name == layer).Arrays.Count);
            Near(vectors.Calls[0].Outputs[output++].Read().As<float>(), ReferenceLstm.Run(input, Weights(file, lstm, shapes), (JObject)lstm["config"]!));
        }

        Assert.Equal([3, 12], stored.Order());
    }

    [Fact]
    public void CuDNN_weights_give_the_plain_layers_numbers()
    {
        using KerasFile file = KerasFileReader.Open(Fixtures.Path("keras2", "2.2.4-tensorflow-cudnn-lstm.h5"));
        using VectorsFile vectors = VectorsFile.Open(Fixtures.Path("keras2", "2.2.4-tensorflow-cudnn-lstm.npz"));
        JObject config = (JObject)Canonicalization.Run(file).Root["config"]!;
        JObject lstm = Layer(config, "cu_dnnlstm_1");
        Tensor<float> input = vectors.Calls[0].Inputs[0].Read().As<float>();
        Tensor<float> hidden = ReferenceLstm.Run(input, Weights(file, lstm, [new(3, 12), new(3, 12), new(12)]), (JObject)lstm["config"]!);
        IReadOnlyList<Tensor> dense = Weights(file, Layer(config, "dense_1"), [new(3, 2), new(2)]);
        Near(vectors.Calls[0].Outputs[0].Read().As<float>(), ReferenceLstm.Affine(hidden, dense[0].As<float>(), dense[1].As<float>()));
    }

    /// <summary>The example of Keras's own documentation: gate by gate the numbers of a row fill a column.</summary>
    [Fact]
    public void CuDNN_kernels_are_turned_gate_by_gate()
    {
        float[] kernel = [.. Enumerable.Range(0, 24).Select(i => (float)i)];
        Tensor[] stored = [Tensor.From(kernel, 2, 12), Tensor.From(new float[36], 3, 12), Tensor.From([.. Enumerable.Range(0, 24).Select(i => (float)i)], 24)];
        IReadOnlyList<Tensor> got = WeightLayouts.Convert([WeightLayouts.CudnnLstm], stored, [new(2, 12), new(3, 12), new(12)]);
        Assert.Equal([0f, 2, 13], got[0].As<float>().ToArray()[0..3]);
        Assert.Equal([1f, 12, 14], got[0].As<float>().ToArray()[12..15]);
        Assert.Equal([12f, 14, 16], got[2].As<float>().ToArray()[0..3]);
    }

    [Fact]
    public void Plain_weights_pass_through_a_cuDNN_layer()
    {
        Tensor[] stored = [Tensor.From(new float[24], 2, 12), Tensor.From(new float[36], 3, 12), Tensor.From(new float[12], 12)];
        Assert.Same(stored, WeightLayouts.Convert([WeightLayouts.CudnnLstm], stored, [new(2, 12), new(3, 12), new(12)]));
    }

    [Fact]
    public void A_cuDNN_GRU_keeps_both_biases()
    {
        Tensor[] stored = [Tensor.From(new float[12], 2, 6), Tensor.From([.. Enumerable.Range(0, 12).Select(i => (float)i)], 2, 6), Tensor.From([.. Enumerable.Range(0, 12).Select(i => (float)i)], 12)];
        IReadOnlyList<Tensor> got = WeightLayouts.Convert([WeightLayouts.CudnnGru], stored, [new(2, 6), new(2, 6), new(2, 6)]);
        Assert.Equal(new Shape(2, 6), got[2].Shape);
        Assert.Equal([0f, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11], got[1].As<float>().ToArray());
    }

    /// <summary>Gates of different heights, types or ranks: what would be cut off, or read as something else, is no weight.</summary>
    [Fact]
    public void Gates_that_do_not_fit_together_are_refused()
    {
        Tensor[] gates = [.. Enumerable.Range(0, 9).Select(i => i % 3 == 2 ? Tensor.From(new float[2], 2) : (Tensor)Tensor.From(new float[4], 2, 2))];
        Shape[] shapes = [new(2, 6), new(2, 6), new(6)];
        Assert.Equal(shapes, WeightLayouts.Convert([WeightLayouts.Keras1Gru], gates, shapes).Select(t => t.Shape));
        foreach (Tensor wrong in (Tensor[])[Tensor.From(new float[6], 3, 2), Tensor.From(new float[4], 4), Tensor.From(new double[4], 2, 2), Tensor.Scalar(1f)])
        {
            Assert.Throws<ArgumentException>(() => WeightLayouts.Convert([WeightLayouts.Keras1Gru], [gates[0], gates[1], gates[2], wrong, .. gates[4..]], shapes));
            Assert.Throws<ArgumentException>(() => WeightLayouts.Convert([WeightLayouts.Keras1Gru], [wrong, .. gates[1..]], shapes));
        }
    }

    [Fact]
    public void CuDNN_weights_of_another_rank_pass_through_to_be_refused()
    {
        Tensor[] stored = [Tensor.From(new float[24], 24), Tensor.From(new float[36], 3, 12), Tensor.From(new float[24], 24)];
        Assert.Same(stored, WeightLayouts.Convert([WeightLayouts.CudnnLstm], stored, [new(2, 12), new(3, 12), new(12)]));
    }

    [Fact]
    public void One_dimensional_kernels_have_two_old_forms()
    {
        Shape wanted = new(3, 2, 4);
        Tensor plain = Tensor.From([.. Enumerable.Range(0, 24).Select(i => (float)i)], 3, 2, 4);
        Tensor since11 = plain.Reshape(new Shape(3, 1, 2, 4));
        Tensor before11 = since11.Transpose(3, 2, 0, 1);
        Assert.Equal(new Shape(4, 2, 3, 1), before11.Shape);
        foreach (Tensor stored in new[] { plain, since11, before11 })
        {
            Tensor got = WeightLayouts.Convert([WeightLayouts.Keras1Conv1D], [stored], [wanted])[0];
            Assert.Equal(wanted, got.Shape);
            Assert.Equal(plain.As<float>().ToArray(), got.As<float>().ToArray());
        }
    }

    [Fact]
    public void A_kernel_of_another_shape_is_transposed_where_that_fits()
    {
        Tensor stored = Tensor.From(new float[120], 4, 5, 3, 2);
        Assert.Equal(new Shape(2, 3, 4, 5), WeightLayouts.Convert([WeightLayouts.KernelByShape], [stored], [new(2, 3, 4, 5)])[0].Shape);
        Assert.Same(stored, WeightLayouts.Convert([WeightLayouts.KernelByShape], [stored], [new(9, 9, 9, 9)])[0]);
    }

    [Fact]
    public void An_old_standard_deviation_becomes_the_variance_of_the_same_output()
    {
        Tensor[] stored = [.. Enumerable.Range(0, 3).Select(_ => Tensor.From(new float[1], 1)), Tensor.From([0.5f], 1)];
        float variance = WeightLayouts.Convert(["keras1_running_std:0.001"], stored, [new(1), new(1), new(1), new(1)])[3].As<float>().Span[0];
        Assert.Equal(0.501, Math.Sqrt(variance + 0.001), 6);
    }

    [Theory]
    [InlineData(WeightLayouts.Keras1Lstm, 3, 12)]
    [InlineData(WeightLayouts.Keras1Gru, 3, 9)]
    [InlineData(WeightLayouts.FlippedKernels, 2, 2)]
    [InlineData(WeightLayouts.Keras1Lstm, 0, 0)]
    public void The_number_of_stored_arrays_is_known(string layout, int canonical, int stored) =>
        Assert.Equal(stored, WeightLayouts.StoredCount(layout, canonical));

    private static JObject Layer(JObject config, string name) => (JObject)config["layers"]!.Single(layer => (string?)layer["name"] == name);

    private static Shape[] KernelShape(JObject conv, Shape input)
    {
        var config = (JObject)conv["config"]!;
        int depth = (string?)config["data_format"] == "channels_first" ? input[1] : input[3];
        return [new((int)config["kernel_size"]![0]!, (int)config["kernel_size"]![1]!, depth, (int)config["filters"]!), new((int)config["filters"]!)];
    }

    private static IReadOnlyList<Tensor> Weights(KerasFile file, JObject layer, Shape[] shapes)
    {
        StoredLayer stored = ((LayerWeights)file.Weights!).Layers.Single(item => item.Name == (string?)layer["name"]);
        string[] layouts = [.. (layer["weight_layout"] as JArray ?? []).Select(token => (string)token!)];
        return WeightLayouts.Convert(layouts, [.. stored.Arrays.Select(array => array.Read())], shapes);
    }

    private static void Near(Tensor<float> want, Tensor<float> got)
    {
        Assert.Equal(want.Shape, got.Shape);
        for (int i = 0; i < want.Length; i++)
        {
            Assert.Equal(want.Span[i], got.Span[i], 1e-5f);
        }
    }
}
