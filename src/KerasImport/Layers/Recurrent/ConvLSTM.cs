using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// A <see cref="ConvLSTMCell"/> along the time axis: <c>(batch, time, …spatial, channels)</c> →
/// <c>(batch, [time,] …spatial', filters)</c>; see <see cref="RecurrentLayer"/>.
/// </summary>
/// <remarks>Config: the keys of both, and <c>data_format</c>. Weights: the cell's.</remarks>
internal abstract class ConvLSTM : RecurrentLayer
{
    private readonly bool _channelsFirst;

    protected ConvLSTM(LayerConfig config, int rank)
        : base(config, new ConvLSTMCell(config.For("ConvLSTMCell", "conv_lstm_cell"), rank)) => _channelsFirst = config.ChannelsFirst();

    protected override Value Prepare(GraphBuilder g, Value input) => _channelsFirst ? g.MoveAxis(input, 2, -1) : input;

    protected override Value PrepareState(GraphBuilder g, Value state) => _channelsFirst ? g.MoveAxis(state, 1, -1) : state;

    protected override Value Finish(GraphBuilder g, Value output, bool hasTime) => _channelsFirst ? g.MoveAxis(output, -1, hasTime ? 2 : 1) : output;
}

/// <summary>A convolutional LSTM over sequences of signals; see <see cref="ConvLSTM"/>.</summary>
internal sealed class ConvLSTM1D(LayerConfig config) : ConvLSTM(config, 1);

/// <summary>A convolutional LSTM over sequences of images; see <see cref="ConvLSTM"/>.</summary>
internal sealed class ConvLSTM2D(LayerConfig config) : ConvLSTM(config, 2);

/// <summary>A convolutional LSTM over sequences of volumes; see <see cref="ConvLSTM"/>.</summary>
internal sealed class ConvLSTM3D(LayerConfig config) : ConvLSTM(config, 3);
