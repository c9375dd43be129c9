// Draws the figures of the report. It runs under a content security policy that names this script
// and the figure library by their hashes, so nothing else on the page can run.
(() => {
  'use strict'

  const narrow = window.matchMedia('screen and (max-width: 900px)')
  const figures = JSON.parse(document.getElementById('figures').textContent)
  const places = [...document.querySelectorAll('.plot')]
  const config = { displaylogo: false, displayModeBar: false, responsive: true, showTips: false }
  // The style sheet makes it as much smaller as fits on paper.
  const printWidth = 860

  const unpack = async (element) => {
    const text = atob(element.textContent)
    const bytes = new Uint8Array(text.length)
    for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index)
    const gzip = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
    return new Response(gzip).text()
  }

  const loadPlotly = async () => {
    const packed = document.getElementById('plotly')
    const script = document.createElement('script')
    script.textContent = await unpack(packed)
    document.head.append(script)
    packed.remove()
    if (window.Plotly === undefined) throw new Error('the library did not run')
    return window.Plotly
  }

  const draw = async (Plotly, place) => {
    const { data, wide, narrow: narrowLayout } = figures[place.dataset.figure]
    const isNarrow = narrow.matches
    const layout = isNarrow ? narrowLayout : wide
    // On a phone a finger on a figure scrolls the page.
    const copy = structuredClone({ ...layout, dragmode: isNarrow ? false : 'zoom' })
    await Plotly.react(place, data, copy, { ...config, staticPlot: false })
    place.dataset.drawn = isNarrow ? 'narrow' : 'wide'
  }

  const fail = (error) => {
    for (const place of places) {
      place.textContent = `This figure could not be drawn (${error.message}); its table is below.`
      place.classList.add('failed')
    }
    for (const details of document.querySelectorAll('figure details')) details.open = true
  }

  const start = async () => {
    const Plotly = await loadPlotly()
    const drawAll = async () => {
      for (const place of places) await draw(Plotly, place)
    }
    await drawAll()
    narrow.addEventListener('change', drawAll)
    window.addEventListener('beforeprint', () => {
      for (const place of places) Plotly.relayout(place, { width: printWidth })
    })
    window.addEventListener('afterprint', () => {
      for (const place of places) Plotly.relayout(place, { width: null, autosize: true })
    })
    document.documentElement.dataset.ready = 'true'
  }

  start().catch(fail)
})()
