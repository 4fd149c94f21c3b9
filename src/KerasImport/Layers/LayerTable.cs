namespace KerasCompat.Layers;

/// <summary>Every layer class, by its canonical name.</summary>
internal static class LayerTable
{
    public static IReadOnlyDictionary<string, Func<LayerConfig, Layer>> Layers { get; } = new Dictionary<string, Func<LayerConfig, Layer>>(StringComparer.Ordinal)
    {
        // Attention
        ["AdditiveAttention"] = c => new AdditiveAttention(c),
        ["Attention"] = c => new Attention(c),
        ["GroupQueryAttention"] = c => new GroupedQueryAttention(c),
        ["MultiHeadAttention"] = c => new MultiHeadAttention(c),

        // Core
        ["Activation"] = c => new Activation(c),
        ["Dense"] = c => new Dense(c),
        ["Dropout"] = c => new Identity(c),
        ["Embedding"] = c => new Embedding(c),
        ["Identity"] = c => new Identity(c),
        ["InputLayer"] = c => new InputLayer(c),

        // Recurrent
        ["Bidirectional"] = c => new Bidirectional(c),
        ["ConvLSTM1D"] = c => new ConvLSTM1D(c),
        ["ConvLSTM1DCell"] = c => new ConvLSTMCell(c, 1),
        ["ConvLSTM2D"] = c => new ConvLSTM2D(c),
        ["ConvLSTM2DCell"] = c => new ConvLSTMCell(c, 2),
        ["ConvLSTM3D"] = c => new ConvLSTM3D(c),
        ["ConvLSTM3DCell"] = c => new ConvLSTMCell(c, 3),
        ["GRU"] = c => new GRU(c),
        ["GRUCell"] = c => new GRUCell(c),
        ["LSTM"] = c => new LSTM(c),
        ["LSTMCell"] = c => new LSTMCell(c),
        ["PeepholeLSTMCell"] = c => new PeepholeLSTMCell(c),
        ["RNN"] = c => new RNN(c),
        ["SimpleRNN"] = c => new SimpleRNN(c),
        ["SimpleRNNCell"] = c => new SimpleRNNCell(c),
        ["StackedRNNCells"] = c => new StackedRNNCells(c),
    };
}
