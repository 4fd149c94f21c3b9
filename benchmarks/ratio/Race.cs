namespace KerasCompat.Ratio;

/// <summary>A line of the table: a network and its inputs.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Goal">How many times faster than ONNX Runtime the CPU executor must be.</param>
/// <param name="Net">The network.</param>
/// <param name="Inputs">The shapes of its inputs.</param>
internal sealed record Race(string Name, double Goal, Net Net, params int[][] Inputs)
{
    /// <summary>The part of each text that is no padding.</summary>
    public double Kept { get; init; } = 1;

    /// <summary>What ONNX Runtime runs, where that is another network; outputs are not compared then.</summary>
    public Net? PeerNet { get; init; }

    public static IReadOnlyList<Race> All { get; } = [.. Small(), .. Texts(), .. Encoders(), .. Images()];

    private static IEnumerable<Race> Small()
    {
        var mlp = new Net(SmallNets.Mlp);
        yield return new("MLP 32-64-64-10", 3, mlp, [1, 32]);
        yield return new("MLP 32-64-64-10", 1, mlp, [64, 32]);
        yield return new("stateful LSTM 100, one step a call", 3, new Net(SmallNets.StatefulLstm), [1, 1, 8]);
        yield return new("MNIST CNN", 1, new Net(SmallNets.Mnist), [1, 28, 28, 1]);
        yield return new("MNIST CNN", 1, new Net(SmallNets.Mnist), [32, 28, 28, 1]);
        yield return new("CNN for time series", 1, new Net(SmallNets.TimeSeries), [1, 500, 1]);
    }

    private static IEnumerable<Race> Texts()
    {
        const int words = 5000;
        var plain = new Net("architectures/imdb_lstm.json.gz", words);
        var masked = new Net("architectures/imdb_lstm_masked.json.gz", words);
        foreach (int time in (int[])[80, 500])
        {
            foreach (int batch in (int[])[1, 32, 256])
            {
                yield return new("IMDB net", batch == 1 ? 1.5 : 1.3, plain, [batch, time]);
            }
        }

        foreach (int time in (int[])[80, 500])
        {
            yield return new("IMDB net masked, a quarter text, peer unmasked", 3, masked, [1, time]) { Kept = 0.25, PeerNet = plain };
            yield return new("IMDB net masked, a quarter text", 1.5, masked, [1, time]) { Kept = 0.25 };
            yield return new("IMDB net masked, half text", 1.5, masked, [1, time]) { Kept = 0.5 };
            yield return new("IMDB net masked, all text", 1.5, masked, [1, time]);
        }

        yield return new("IMDB net masked, a quarter text, peer unmasked", 3, masked, [32, 80]) { Kept = 0.25, PeerNet = plain };
        yield return new("IMDB net masked, a quarter text", 1.3, masked, [32, 80]) { Kept = 0.25 };
        yield return new("bidirectional LSTM, two layers", 1, new Net("architectures/imdb_bilstm.json.gz", 20000), [1, 200]);
        yield return new("GRU char model", 1, new Net("architectures/char_gru.json.gz", 66), [1, 100]);
        yield return new("CNN for text", 1, new Net("architectures/imdb_cnn.json.gz", words), [1, 400]);
        yield return new("seq2seq, two LSTM 256", 1, new Net("architectures/seq2seq.json.gz"), [1, 16, 71], [1, 20, 93]);
    }

    private static IEnumerable<Race> Encoders()
    {
        yield return new("encoder_mini", 1, new Net("architectures/encoder_mini.json.gz", 1000), [1, 128]);
        yield return new("encoder_base", 1, new Net("architectures/encoder_base.json.gz", 1000), [1, 128]);
    }

    private static IEnumerable<Race> Images()
    {
        foreach (string name in (string[])["MobileNetV2", "ResNet50", "EfficientNetB0", "DenseNet121"])
        {
            yield return new(name, 0.9, new Net($"architectures/{name.ToLowerInvariant()}.json.gz"), [1, 224, 224, 3]);
        }
    }
}
