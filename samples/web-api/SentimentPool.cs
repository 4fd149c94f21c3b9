using System.Collections.Concurrent;
using KerasCompat;
using KerasCompat.Runtime;
using KerasCompat.Text;

namespace Samples.WebApi;

/// <summary>One loaded model for all requests: as many of them compute at a time as there are cores, the others wait in line.</summary>
/// <remarks>
/// A model may be called from any number of threads, so there is one copy of the weights. What is pooled are places to compute, because
/// more calls at once than cores only make each of them slower, and a state for each place, so that a model with stateful layers would
/// not carry one visitor's texts over to the next.
/// </remarks>
internal sealed class SentimentPool : IDisposable
{
    private readonly KerasModel _model;
    private readonly TextPipeline _texts;
    private readonly SemaphoreSlim _places;
    private readonly ConcurrentBag<RecurrentState> _states = [];

    public SentimentPool(string model, string tokenizer, int places)
    {
        _model = KerasModel.Load(model);
        _texts = new TextPipeline(Tokenizer.Load(tokenizer)) { MaxLength = 500, Labels = ["negative", "positive"] };
        _places = new SemaphoreSlim(places);
        // The first call makes the plan and packs the weights; no visitor waits for that.
        _model.Predict([_texts.ToInput("warm up")], new RecurrentState());
    }

    /// <summary>Each text's likelier label and its probability.</summary>
    public async Task<IReadOnlyList<Sentiment>> ClassifyAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        try
        {
            RecurrentState state = _states.TryTake(out RecurrentState? free) ? free : new RecurrentState();
            state.Reset();
            Tensor output = _model.Predict([_texts.ToInput([.. texts])], state)[0];
            _states.Add(state);
            return [.. texts.Zip(_texts.Classify(output), (text, c) => new Sentiment(text, c.Label, c.Probability))];
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        _places.Dispose();
        _model.Dispose();
    }
}
